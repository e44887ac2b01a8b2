import pytest
from report_cases import a_room, an_interview

from tinytroupe_cli.reports.formats import render
from tinytroupe_cli.reports.methods import ITEMS
from tinytroupe_cli.reports.results_builder import build_results

STATED = {
    "funding": "Paid for by the makers of the meal kit.",
    "data_protection": "All personas are invented.",
    "fine_tuning": "none",
    "human_validation": "Twelve customers were asked the same questions.",
}


def page(case=an_interview, **changes):
    plan, *rest = case()
    return render(build_results(plan.model_copy(update=changes), *rest), "methods").decode()


def test_the_banner_stands_above_everything_and_can_not_be_removed():
    for text in (page(), page(a_room), page(methods=STATED)):
        assert text.splitlines()[2].startswith("**These are simulated people, not human data.**")


def test_every_core_item_is_reported_or_said_to_be_missing():
    text = page()
    for item in ITEMS:
        assert f"- **{item.code} {item.title}**: " in text
    assert "10 of 14 are reported; missing: B4, D1, E1 and G1." in text


def test_what_the_author_states_is_quoted():
    text = page(methods=STATED)
    assert "14 of 14 are reported." in text
    assert "- **G1 Funding and interests**: Paid for by the makers of the meal kit." in text
    assert "missing" not in text[text.index("## Checklist") :]


def test_an_experiment_without_title_or_description_has_no_purpose():
    assert "- **A1 Purpose of the language model**: missing" in page(title="", description="")


def test_questions_models_and_counts_are_those_of_the_run():
    text = page()
    assert "> At 9 dollars a plate: where do you stand?" in text
    assert "3 planned answers: 3 stated" in text
    assert "people: local/small" in text


@pytest.mark.parametrize("key", STATED)
def test_a_statement_does_not_make_another_run(key):
    from tinytroupe_cli.plan.hashing import plan_hash

    plan, *_ = an_interview()
    assert plan_hash(plan) == plan_hash(plan.model_copy(update={"methods": {key: "x"}}))


def test_one_replicate_of_one_condition_leaves_noise_among_people():
    assert "One replicate: the model's noise can't be told from differences between people." in page(replicates=1)
    assert "One replicate" not in page(replicates=2)
