"""Models that think before they answer: room for it, and none of it in what people say."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Project
from provider import FakeProvider, Fault

from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.reasoning import ROOM, reasoning_room, typical_thought
from tinytroupe_cli.models.thinking import text_of, without_thinking

PRICES = PriceTable()
SURE = "What would I say? I must not tell."


@pytest.mark.parametrize(
    ("use", "room"),
    [
        ("openai/gpt-5-mini", ROOM["medium"]),
        ("openai/o4-mini", ROOM["medium"]),
        ("deepseek/deepseek-reasoner", ROOM["medium"]),
        ("hosted_vllm/Qwen/Qwen3-8B", ROOM["medium"]),
        ("openai/gpt-4o-mini", 0),
        ("anthropic/claude-haiku-4-5", 0),
        ("openai/our-own", 0),
        ("local/smollm2-135m", 0),
    ],
)
def test_models_that_reason_get_room(use: str, room: int) -> None:
    assert reasoning_room(ModelConfig(name=use), PRICES) == room


def test_an_effort_says_how_much_room() -> None:
    efforts = ("minimal", "low", "medium", "high")
    rooms = [reasoning_room(ModelConfig(name="openai/our-own", reasoning_effort=effort), PRICES) for effort in efforts]
    assert rooms == sorted(rooms)
    assert len(set(rooms)) == 4


def test_an_estimate_counts_what_is_thought() -> None:
    low, high = typical_thought(ModelConfig(name="openai/gpt-5-mini"), PRICES)
    assert 0 < low < high
    assert typical_thought(ModelConfig(name="openai/gpt-4o-mini"), PRICES) == (0, 0)


@pytest.mark.parametrize(
    "reply",
    [
        f"<think>{SURE}</think>Tea.",
        f"<think>\n{SURE}\n</think>\n\nTea.",
        f"{SURE}</think>Tea.",
        f"<thinking>{SURE}</thinking> Tea.",
        f"<THINK>{SURE}</THINK>Tea.",
        f"<reasoning>{SURE}</reasoning>\nTea.",
        f"◁think▷{SURE}◁/think▷Tea.",
        f"[THINK]{SURE}[/THINK]Tea.",
        f"<think>{SURE}</think><think>again</think>Tea.",
        f"<think>a<think>{SURE}</think>b</think>Tea.",
    ],
)
def test_thinking_in_tags_is_no_part_of_a_reply(reply: str) -> None:
    assert without_thinking(reply) == "Tea."


def test_a_thought_without_an_end_leaves_nothing_and_other_text_stays_as_it_is() -> None:
    assert without_thinking(f"<think>{SURE}") == ""
    assert without_thinking("I think (a <b> c) so.  ") == "I think (a <b> c) so.  "


def test_of_a_reply_in_blocks_only_the_text_is_said() -> None:
    blocks = [{"type": "thinking", "thinking": SURE}, {"type": "text", "text": "Tea."}]
    assert text_of(blocks) == "Tea."
    assert text_of(None) == ""


class Thinking(FakeProvider):
    """Thinks and never comes to say a word."""

    def _fault(self) -> Fault | None:
        return Fault(200, {"message": {"role": "assistant", "content": ""}, "finish": "length"})


def test_a_reply_cut_off_for_good_is_counted_as_that(tmp_path: Path) -> None:
    with Thinking() as fake:
        project = Project(tmp_path, fake.url)
        project.troupe("run", "x.yaml", "--model", "openai/gpt-5-mini")
        asked = len(fake.requests)
    assert {problem["kind"] for problem in project.results["problems"]} == {"cut_off"}
    assert "ended before it was complete" in project.report
    assert asked == 2 * len(project.results["problems"])
