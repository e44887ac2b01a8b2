"""What a provider that listens to its seed alone makes of people and conditions."""

from __future__ import annotations

import json
from pathlib import Path

from projects import Project
from provider import Body, FakeProvider, answer_for

from tinytroupe_cli.core.random_streams import Stream

FIFTY = """\
troupe: 1
name: fifty
personas: [{use: oscar, copies: 50}]
world: {type: interviews, steps: 1}
stimuli: [{say: "Tea or coffee?"}]
"""
PRICES = """\
troupe: 1
name: prices
personas: [lisa]
factors: {price: [9, 12]}
world: {type: interviews, steps: 2}
stimuli:
  - say: "Tea or coffee?"
  - {say: "And for ${{ price }}?", at: {step: 2}}
"""


def by_seed(body: Body) -> str:
    """The fitting answer, with words that depend on the request's seed and on nothing else."""
    answer = json.loads(answer_for(body))
    answer["words"] = f"Word {Stream(body['seed'], 'words').integer(100_000)}."
    return json.dumps(answer)


def words_of(project: Project, name: str) -> dict[str, list[str]]:
    """Trial -> what was said, in order."""
    found: dict[str, list[str]] = {}
    for log in sorted(project.folder.glob(f"results/{name}/2*/trials/*/events.jsonl")):
        events = [json.loads(line) for line in log.read_text().splitlines()]
        found[log.parent.name] = [event["text"] for event in events if event.get("action") == "TALK"]
    return found


def test_fifty_people_of_one_text_say_different_things(tmp_path: Path) -> None:
    with FakeProvider(answer=by_seed) as fake:
        project = Project(tmp_path, fake.url, FIFTY)
        assert project.run().code == 0
    [said] = words_of(project, "fifty").values()
    assert len(said) == 50
    assert len(set(said)) >= 45


def test_a_person_says_the_same_in_two_conditions_until_these_differ_and_meets_the_same_noise_then(
    tmp_path: Path,
) -> None:
    with FakeProvider(answer=by_seed) as fake:
        project = Project(tmp_path, fake.url, PRICES)
        assert project.run().code == 0
        asked = len(fake.requests)
    nine, twelve = words_of(project, "prices").values()
    assert len(nine) == 2
    assert nine == twelve
    assert asked == 3  # the first step once for both
