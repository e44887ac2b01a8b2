"""A past that outgrows the model's window, as the server has it: 400 context_length_exceeded."""

from __future__ import annotations

from pathlib import Path

from projects import Project
from provider import Body, FakeProvider, Fault

LONG = "The new kettle boils in ninety seconds, switches itself off and costs as much as two dinners out. " * 5
TALK = f"""\
troupe: 1
name: tea
personas: [lisa]
world: {{type: interviews, steps: 6}}
stimuli: [{{say: "{LONG}", at: {{every: 1}}}}]
extract:
  - {{name: drink, of: each person, how: interview, question: "And?", fields: {{cup: {{choice: [tea, coffee]}}}}}}
"""
WORDS = "This model's maximum context length is 2048 tokens. However, your messages resulted in 2310 tokens."


class Narrow(FakeProvider):
    """Takes no request with more letters than that."""

    def __init__(self, letters: int) -> None:
        super().__init__()
        self._letters = letters

    def _fault(self) -> Fault | None:
        body: Body = self.requests[-1]
        if sum(len(str(message["content"])) for message in body["messages"]) <= self._letters:
            return None
        error = {"message": WORDS, "code": "context_length_exceeded"}
        return Fault(400, {"error": error})


def letters_of(body: Body) -> int:
    return sum(len(str(message["content"])) for message in body["messages"])


def test_the_past_is_shortened_and_the_talk_goes_on(tmp_path: Path) -> None:
    with Narrow(6_000) as fake:
        project = Project(tmp_path, fake.url, TALK)
        ended = project.run()
    assert ended.code == 0
    [trial] = project.results["trials"]
    assert (trial["turns"], trial["failed_turns"], trial["failed_answers"]) == (6, 0, 0)
    refused = [letters_of(body) for body in fake.requests if letters_of(body) > 6_000]
    assert 1 <= len(refused) <= 2
    assert "received some requests that were longer than its window" in project.report
    again = project.run()
    assert again.code == 0


def test_a_request_that_never_fits_is_a_failure_in_plain_words(tmp_path: Path) -> None:
    with Narrow(10) as fake:
        project = Project(tmp_path, fake.url, TALK.replace("steps: 6", "steps: 1"))
        ended = project.run()
        asked = len(fake.requests)
    texts = [problem["text"] for problem in project.results["problems"]]
    assert {problem["kind"] for problem in project.results["problems"]} == {"too_long"}
    assert all(
        "longer than this model's window" in text and "or a model with a longer window" in text for text in texts
    )
    for seen in (ended.err, project.report):
        assert "litellm." not in seen
        assert "context_length" not in seen
    assert asked <= 4
