"""Every kind of perception has its row, and what a verb needs."""

from typing import get_args

from tinytroupe_cli.events.perceptions import PERCEPTIONS, VERBS, PerceptionKind


def test_every_kind_has_a_row():
    assert {*PERCEPTIONS} == {*get_args(PerceptionKind)}


def test_every_verb_can_stand_in_the_reports_list_of_stimuli():
    for verb in VERBS:
        phrase = PERCEPTIONS[verb].design_phrase.format(source="the host", to="Lisa")
        assert phrase.endswith("Lisa"), verb
