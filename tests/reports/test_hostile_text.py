import re

import pytest
from builders import a_member, a_plan, a_question, a_trial
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tinytroupe_cli.events.types import Acted, Failed, Measured, TrialBegan, TrialEnded
from tinytroupe_cli.plan.types import PlannedField, PlannedStimulus
from tinytroupe_cli.reports.escaping import plain, table
from tinytroupe_cli.reports.formats import render
from tinytroupe_cli.reports.provenance import Provenance
from tinytroupe_cli.reports.results_builder import build_results

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "a | b | c\n| --- | --- |\n# I am a heading",
    "```\nrm -rf /\n```",
    "[click](javascript:alert(1)) ![x](http://evil.example/x.png)",
    "# heading\n\n- list\n\n1. one\n\n---\n\n> quote\n\n=====",
    "**bold** _italic_ ~~gone~~ `code` \\",
    "{{ results }} {% for x in y %} {# no #}",
    "\x1b[31mred\x1b[0m \u202e\u200b right to left",
    "&lt;b&gt; &#x3c;script&#62;",
    "[ref]: http://evil.example\n[ref]",
    "http://evil.example www.evil.example",
    "*" * 50,
    "1) first",
    "+ plus",
    "\\<b>",
    "\\`x`",
    "",
    "   ",
    "é ü 😀 «»",
]
PARSER = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])


def written(text):
    """What a reader of the rendered Markdown sees."""
    (block,) = [token for token in PARSER.parse(text) if token.type == "inline"] or [None]
    assert block is not None
    return "".join(child.content for child in block.children)


def seen(text):
    return " ".join(
        re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "", text).split()
    )


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip()])
def test_text_reads_the_same_and_does_nothing(text):
    tokens = PARSER.parse(plain(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children} <= {"text", "text_special"}
    assert written(plain(text)) == seen(text)


@settings(max_examples=300)
@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("|`*_<>[]()#-+=~&;\\!:\n 1.")))
def test_any_text_at_all_stays_one_plain_paragraph_and_one_cell(text):
    if not seen(text):
        return
    tokens = PARSER.parse(plain(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children} <= {"text", "text_special"}
    drawn = PARSER.parse(table([["a", "b"], [text, "end"]]))
    assert sum(token.type == "td_open" for token in drawn) == 2
    assert drawn[-1].type == "table_close"


def a_hostile_report(text):
    ids = ("lisa",)
    fields = (
        PlannedField(name="why", kind="text"),
        PlannedField(name="ideas", kind="list"),
        PlannedField(name=f"x{text}", kind="choice", options=(text or "a", "b")),
    )
    trial = a_trial(
        people=(a_member("lisa", f"Lisa {text}", age=text, occupation=text, residence=text),),
        stimuli=(PlannedStimulus(step=1, verb="say", text=text, source=f"mod {text}", to=ids),),
        queries=(a_question(ids, fields=fields, questions={"lisa": text}),),
    )
    plan = a_plan(trial, title=f"T {text}", expect=("choice.why.count() > 1",))
    events = [
        TrialBegan(trial="r1", people=ids, names={"lisa": f"Lisa {text}"}),
        Acted(trial="r1", step=1, person="lisa", action="TALK", to=text, text=f"{text} x"),
        Failed(trial="r1", step=2, person="lisa", reason="bad_output", text=text),
        Measured(trial="r1", step=2, query="choice", person="lisa", values={"why": text, "ideas": [text, "b"]}),
        TrialEnded(trial="r1", step=2),
    ]
    provenance = Provenance(status="stopped", reason=text, command=f"troupe run {text}", run=text)
    return render(build_results(plan, {"r1": events}, provenance=provenance), "details").decode()


HEADINGS = [
    "In short",
    "What was asked",
    "Who took part",
    "Answers",
    "Every answer",
    "In their own words",
    "What went wrong",
    "Expectations",
    "Cost",
    "How to reproduce it",
    "About these people",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_report_keeps_its_shape_whatever_people_and_models_write(text):
    tokens = PARSER.parse(a_hostile_report(text))
    headings = [
        tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"
    ]
    assert headings == HEADINGS
    inline = [child for token in tokens for child in token.children or []]
    assert not [token for token in [*tokens, *inline] if "html" in token.type or token.type == "image"]
    links = {token.attrGet("href") for token in inline if token.type == "link_open"}
    assert links == {"#about-these-people", "#what-went-wrong"}
    assert sum(token.type == "fence" for token in tokens) == 1
