"""report.html, in a browser: what a reader sees, and what the page must never do."""

import json
import re
import time
from pathlib import Path

import pytest
from browsers import beside, browser, opened
from builders import a_member, a_plan, a_question, a_trial
from playwright.sync_api import expect
from projects import EXPERIMENT, Project
from provider import FakeProvider, answer_for, schema_of
from report_cases import CASES

from tinytroupe_cli.events.types import Acted, Measured, MemoryConsolidated, Perceived, Recalled, TrialBegan, TrialEnded
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.call_texts import MAX_BYTES, packed_calls
from tinytroupe_cli.reports.formats import files_of, render
from tinytroupe_cli.reports.page_assets import FOLDER, MODULES, PageName
from tinytroupe_cli.reports.results_builder import build_results
from tinytroupe_cli.reports.run_log import RecordedCall, RunLog

HOSTILE = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'></script>{{ 7 * 7 }}"
HTML = "report: {formats: [json, markdown, methods, html]}\n"
TOWN = """\
troupe: 1
name: town
title: Which cup do they take?
seed: 3
factors: {price: [2, 3]}
replicates: 2
personas: [lisa, oscar, {use: oscar, copies: 6, vary: {age: {from: 20, to: 70}}}]
world:
  type: network
  topology: {type: small_world, degree: 2, rewire: 0.1}
  places: {hall: A hall, yard: A yard}
  steps: 2
stimuli: [{say: "A cup is {{ price }} dollars. Tea or coffee?"}]
extract:
  - name: drink
    of: each person
    how: interview
    question: "What will you drink at {{ price }} dollars?"
    fields:
      cup: {choice: [tea, coffee]}
      again: yes_no
      liking: {scale: [1, 5]}
      worth: {number: {min: 0, max: 20}, unit: dollars}
      order: {rank: [taste, price]}
      why: text
compare: [{measure: drink.again, by: price}]
"""


def hostile_answer(body):
    """Answer with a script in every word a person is free to choose."""
    told = json.loads(answer_for(body))
    properties = (schema_of(body) or {}).get("properties", {})
    free = [key for key, form in properties.items() if form.get("type") == "string" and "enum" not in form]
    return json.dumps({**told, **dict.fromkeys(free, HOSTILE)})


@pytest.fixture(scope="module")
def running():
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The page of a run in which everybody speaks in scripts."""
    with FakeProvider(answer=hostile_answer) as fake:
        project = Project(tmp_path_factory.mktemp("town"), fake.url, TOWN + HTML)
        ended = beside(project.run)
    assert ended.code == 0, ended.err
    return project.runs[-1] / "report.html"


def test_the_page_begins_with_the_answer_and_its_chart(running, town: Path):
    with opened(running, town) as shown:
        page = shown.page
        assert page.inner_text("h1") == "Which cup do they take?"
        assert page.inner_text(".lead") in " ".join((town.parent / "report.md").read_text().replace("\\", "").split())
        main = page.locator("figure.main svg.wide")
        named = re.findall(r"\d+%", main.get_attribute("aria-label") or "")
        assert named == re.findall(r"\d+%", page.inner_text(".lead"))[:2]
        assert len(named) == 2
        assert all(share in (main.text_content() or "") for share in named)
        assert main.bounding_box()["y"] < 900
        assert page.locator("figure.main svg.narrow").is_hidden()
        assert not shown.console
        assert not shown.requests
    assert (town.parent / "report.png").read_bytes().startswith(b"\x89PNG")


def test_paper_has_a_card_for_everybody_but_not_all_of_their_attributes(running, town: Path):
    with opened(running, town) as shown:
        shown.page.emulate_media(media="print")
        shown.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert shown.page.locator(".cards > li").last.is_visible()
        assert shown.page.locator(".cards dl").first.is_hidden()
        assert shown.page.locator("#measures table").first.is_visible()


def test_each_measure_has_a_chart_that_says_its_finding_and_a_table(running, town: Path):
    with opened(running, town) as shown:
        for name in ("cup", "liking", "worth", "order"):
            measure = shown.page.locator(f"article[aria-labelledby='m-drink.{name}']")
            label = measure.locator("svg.wide").first.get_attribute("aria-label")
            assert measure.locator("p").first.inner_text() in " ".join(label.split())
            assert measure.locator("table").count() == 1
        words = shown.page.locator("article[aria-labelledby='m-drink.why']")
        assert words.locator("q").count() > 0
        assert words.locator("svg").count() == 0


@pytest.mark.parametrize("at", ["", "#transcript:kind=said"])
def test_a_script_in_a_persons_mouth_is_text(running, town: Path, at: str):
    with opened(running, town, at=at) as shown:
        assert shown.page.evaluate("window.hacked") is None
        assert any(HOSTILE in text for text in shown.shown())
        assert shown.page.locator("main img, main iframe, main script").count() == 0
        assert not shown.console


def test_the_page_runs_its_own_script_and_no_other(running, town: Path):
    with opened(running, town) as shown:
        shown.page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.hacked = 3'}))"
        )
        assert shown.page.evaluate("window.hacked") is None
        assert "Content Security Policy" in " ".join(shown.console)


def test_filters_show_what_they_name(running, town: Path):
    with opened(running, town) as shown:
        page, form = shown.page, shown.page.locator("#transcript form")
        everything = page.inner_text("#transcript [role=status]")
        form.locator("[name=kind]").select_option("answer")
        assert all("answers drink" in text for text in shown.shown())
        assert page.inner_text("#transcript [role=status]").endswith(f"of {everything}")
        form.locator("[name=person]").select_option(label="Lisa Carter")
        assert shown.shown()
        assert {*page.locator(".row .head strong").all_inner_texts()} == {"Lisa Carter"}
        form.locator("[name=condition]").select_option(label="price 3")
        assert len(shown.shown()) == 2
        form.locator("[name=text]").fill("nobody says this")
        assert shown.shown() == []
        form.locator("button[type=reset]").click()
        assert page.inner_text("#transcript [role=status]") == everything
        form.locator("[name=kind]").select_option("thought")
        assert shown.shown()
        form.locator("button[type=reset]").click()
        form.locator("[name=thoughts]").uncheck()
        assert not any(" thinks" in text for text in shown.shown())
        assert not shown.console


def test_a_persons_life_has_what_they_heard_and_a_strip_of_steps(running, town: Path):
    with opened(running, town, at="#transcript:person=0") as shown:
        assert shown.page.inner_text(".life-of h3") == "Lisa Carter, step by step"
        assert any("A cup is 2 dollars" in text for text in shown.shown())
        shown.page.locator(".life button", has_text="Step 2").click()
        expect(shown.page.locator("#transcript [name=step]")).to_have_value("2")


def test_the_prompt_and_the_raw_reply_are_behind_a_click(running, town: Path):
    with opened(running, town, at="#transcript:kind=answer&person=0") as shown:
        button = shown.page.locator(".row button.prompt").first
        button.click()
        calls = shown.page.locator(".row .calls").first
        calls.wait_for()
        assert "What will you drink at 2 dollars?" in calls.inner_text()
        assert "You are Lisa Carter" in calls.text_content()
        assert calls.locator("pre").last.text_content().startswith("{")
        assert button.get_attribute("aria-expanded") == "true"
        button.click()
        assert shown.page.locator(".row .calls").count() == 0


def test_a_quote_leads_to_the_moment_it_was_said(running, town: Path):
    with opened(running, town) as shown:
        link = shown.page.locator("#quotes a").first
        link.click()
        shown.page.wait_for_selector(".row.named")
        assert shown.page.locator(".row.named").inner_text().count("window.hacked")
        assert shown.page.evaluate("document.activeElement.closest('.row.named') !== null")


def test_the_network_and_the_places_are_drawn(running, town: Path):
    with opened(running, town) as shown:
        network = shown.page.locator("#network svg.wide")
        assert network.locator("circle").count() == 8
        assert network.locator("line").count() >= 8
        network.locator("a").first.click()
        expect(shown.page.locator("#transcript [name=person]")).to_have_value("0")
        assert shown.page.locator("#places tbody tr").count() == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(running, town: Path, scheme: str):
    with opened(running, town, scheme=scheme) as shown:
        shown.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        shown.page.locator(".row button.prompt").first.click()
        assert shown.violations() == []


@pytest.mark.parametrize("width", [390, 1024, 1600])
def test_the_page_fits_its_window(running, town: Path, width: int):
    with opened(running, town, width=width) as shown:
        shown.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert shown.overflow() <= 0


def test_the_page_works_by_keyboard(running, town: Path):
    with opened(running, town) as shown:
        shown.page.keyboard.press("Tab")
        assert shown.page.evaluate("document.activeElement.className") == "skip"
        shown.page.keyboard.press("Enter")
        assert shown.page.evaluate("location.hash") == "#answer"
        shown.page.locator("details summary").first.focus()
        shown.page.keyboard.press("Enter")
        assert shown.page.locator("details").first.get_attribute("open") is not None


def test_long_lists_are_folded_and_print_in_full(running, tmp_path: Path):
    file = page_of(tmp_path, a_long_talk(people=40, steps=1))
    with opened(running, file) as shown:
        cards = shown.page.locator(".cards > li")
        assert cards.count() == 40
        assert cards.nth(20).is_hidden()
        shown.page.emulate_media(media="print")
        assert cards.nth(20).is_visible()
        assert shown.page.locator(".rows").is_hidden()


@pytest.mark.parametrize("name", CASES)
def test_every_run_has_a_page_and_building_it_again_gives_the_same_bytes(name: str):
    pages = []
    for _ in range(2):
        plan, events, *rest = CASES[name]()
        pages.append(render(build_results(plan, events, *rest), "html", RunLog(events)))
    assert pages[0] == pages[1]
    assert b'<header id="answer">' in pages[0]


def test_without_html_among_its_formats_a_run_writes_none(tmp_path: Path):
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, f"{EXPERIMENT}\nreport: {{formats: [json]}}\n")
        assert beside(project.run).code == 0
    assert not list(project.runs[-1].glob("report.*"))


def test_a_run_writes_the_page_unless_told_otherwise(tmp_path: Path):
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        config = tmp_path / "config.ini"
        config.write_text(re.sub(r"\[run\]\nformats.*", "", config.read_text()))
        ran = beside(project.run)
        assert ran.code == 0
        page = (project.runs[-1] / "report.html").read_bytes()
        ended = beside(lambda: project.troupe("report", "results", "--format", "html"))
    assert "As a page:" in ran.err
    assert "report.html" in ran.err
    assert ended.out.strip().endswith("report.html")
    assert (project.runs[-1] / "report.html").read_bytes() == page


def a_long_talk(people: int, steps: int):
    """A plan and its events: everybody thinks, speaks and is heard in each step, and answers at the end."""
    ids = tuple(f"p{number}" for number in range(people))
    members = tuple(a_member(one, f"Person {one}", age=20 + number % 50) for number, one in enumerate(ids))
    fields = (PlannedField(name="cup", kind="choice", options=("tea", "coffee")), PlannedField(name="why", kind="text"))
    trial = a_trial(people=members, queries=(a_question(ids, fields=fields, questions=dict.fromkeys(ids, "Tea?")),))
    events = [TrialBegan(trial="r1", people=ids, names={member.id: member.name for member in members})]
    for step in range(1, steps + 1):
        for number, one in enumerate(ids):
            where = {"trial": "r1", "step": step, "person": one}
            heard = tuple(other for other in ids if other != one)
            words = f"In step {step} I would still take the one that my neighbour {number} takes, at that price."
            events += [
                Recalled(**where, memories=("The shop was closed.",)),
                Acted(**where, action="THINK", text="Should I say so? I have said it twice already."),
                Acted(**where, action="TALK", to="everyone", text=words),
                Perceived(trial="r1", step=step, people=heard, sense="talk", source=one, text=words),
                MemoryConsolidated(**where, facts=("They like tea.",), through=step),
            ]
    for number, one in enumerate(ids):
        values = {"cup": ("tea", "coffee")[number % 2], "why": "It is warm, and it is what I always have."}
        events.append(Measured(trial="r1", step=steps, query="choice", person=one, values=values))
    events.append(TrialEnded(trial="r1", step=steps))
    events = [event.model_copy(update={"seq": number}) for number, event in enumerate(events)]
    return a_plan(trial, title="Tea or coffee?"), {"r1": events}


def page_of(folder: Path, run, calls=()) -> Path:
    plan, events = run
    file = folder / "report.html"
    file.write_bytes(render(build_results(plan, events), "html", RunLog(events, lambda: calls)))
    return file


def test_five_thousand_events_are_ready_in_two_seconds_and_few_are_drawn(running, tmp_path: Path):
    file = page_of(tmp_path, a_long_talk(people=50, steps=25))
    began = time.perf_counter()
    with opened(running, file) as shown:
        assert time.perf_counter() - began < 2
        assert shown.page.inner_text("#transcript [role=status]") == "5,050 events"
        assert 0 < shown.page.locator(".rows .row").count() < 100
        took = shown.page.evaluate(
            """() => {
              const form = document.querySelector("#transcript form");
              const began = performance.now();
              form.elements.text.value = "neighbour 7 ";
              form.dispatchEvent(new Event("input", {bubbles: true}));
              return performance.now() - began;
            }"""
        )
        assert took < 300
        assert shown.page.inner_text("#transcript [role=status]") == "25 of 5,050 events"
        shown.page.locator("#transcript button[type=reset]").click()
        rows = shown.page.locator(".rows")
        rows.evaluate("(view) => { view.scrollTop = view.scrollHeight }")
        shown.page.wait_for_timeout(300)
        rows.evaluate("(view) => { view.scrollTop = view.scrollHeight }")
        assert any("answers choice" in text and "Person p49" in text for text in shown.shown())


def some_calls(people: int, steps: int, size: int):
    """Calls whose prompts grow, as those of people who remember do; no two texts repeat each other."""
    for step in range(1, steps + 1):
        for number in range(people):
            told = " ".join(f"{(number * 7919 + step * 104729 + word) % 99991:x}" for word in range(size))
            system = {"role": "system", "content": f"You are person {number}. " + f"{number:x} likes tea. " * 200}
            earlier = [{"role": "user", "content": f"step {one} of {number}"} for one in range(step)]
            request = json.dumps({"messages": [system, *earlier, {"role": "user", "content": told}]})
            yield RecordedCall("r1", f"p{number}", step, "turn", request, json.dumps({"text": told[:300]}))


def test_twenty_people_in_ten_steps_are_below_two_megabytes(tmp_path: Path):
    file = page_of(tmp_path, a_long_talk(people=20, steps=10), list(some_calls(20, 10, 300)))
    assert file.stat().st_size < 2_000_000


def test_prompts_beyond_the_bound_are_left_out_and_counted():
    packed, kept, all_of_them = packed_calls(some_calls(20, 60, 900))
    assert len(packed) <= MAX_BYTES
    assert 0 < kept < all_of_them == 1200


def test_a_page_without_counted_answers_is_a_page(running, tmp_path: Path):
    trial = a_trial(people=(a_member("lisa", "Lisa Carter"),))
    begun = TrialBegan(trial="r1", people=("lisa",), names={"lisa": "Lisa Carter"})
    file = page_of(tmp_path, (a_plan(trial), {"r1": [begun, TrialEnded(trial="r1", seq=1)]}))
    assert "report.png" not in files_of(build_results(a_plan(trial), {"r1": [begun]}), "html")
    with opened(running, file) as shown:
        assert shown.page.locator("figure.main").count() == 0
        assert not shown.console


@pytest.mark.parametrize("page", MODULES)
def test_modules_import_only_what_is_before_them_and_no_two_have_a_name(page: PageName):
    names: set[str] = set()
    for place, module in enumerate(MODULES[page]):
        text = (FOLDER / f"{module}.js").read_text(encoding="utf-8")
        assert {*re.findall(r'from "\./(\w+)\.js"', text)} <= {*MODULES[page][:place]}
        own = set(re.findall(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", text, re.MULTILINE))
        assert not own & names, own & names
        names |= own


def test_every_module_is_in_a_page():
    assert {file.stem for file in FOLDER.glob("*.js")} == {name for names in MODULES.values() for name in names}
