"""Models that think before they answer: room for it, and none of it in what people say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from projects import Project
from provider import Body, FakeProvider, Fault, answer_for

from tinytroupe_cli.models.port import ModelUse
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
    assert reasoning_room(ModelUse(use=use), PRICES) == room


def test_an_effort_says_how_much_room() -> None:
    efforts = ("minimal", "low", "medium", "high")
    rooms = [reasoning_room(ModelUse(use="openai/our-own", reasoning_effort=effort), PRICES) for effort in efforts]
    assert rooms == sorted(rooms)
    assert len(set(rooms)) == 4


def test_an_estimate_counts_what_is_thought() -> None:
    low, high = typical_thought(ModelUse(use="openai/gpt-5-mini"), PRICES)
    assert 0 < low < high
    assert typical_thought(ModelUse(use="openai/gpt-4o-mini"), PRICES) == (0, 0)


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


SHAPES: dict[str, tuple[str, dict[str, Any]]] = {
    "OpenAI's": ("openai/gpt-5-mini", {}),
    "DeepSeek's": ("openai/deepseek-reasoner", {"reasoning_content": SURE}),
    "Qwen's": ("openai/qwen3-8b", {"before": f"<think>\n{SURE} {{a}}\n</think>\n\n"}),
    "Anthropic's": ("openai/claude-thinking", {"thinking_blocks": [{"type": "thinking", "thinking": SURE}]}),
}


class Thinking(FakeProvider):
    """Thinks so many tokens before it answers; a lower limit cuts it off with nothing said."""

    def __init__(self, tokens: int, fields: dict[str, Any]) -> None:
        super().__init__()
        self._tokens, self._fields = tokens, fields

    def _fault(self) -> Fault | None:
        body: Body = self.requests[-1]
        limit = body.get("max_completion_tokens") or body.get("max_tokens") or 10**9
        if self._tokens >= limit:
            return Fault(200, {"message": {"role": "assistant", "content": ""}, "finish": "length"})
        fields = dict(self._fields)
        content = fields.pop("before", "") + answer_for(body)
        return Fault(200, {"message": {"role": "assistant", "content": content, **fields}, "finish": "stop"})


@pytest.mark.parametrize("shape", SHAPES)
def test_a_model_that_reasons_gives_every_answer_of_an_ad_test(tmp_path: Path, shape: str) -> None:
    model, fields = SHAPES[shape]
    experiment = (Path(__file__).parents[2] / "experiments" / "tv_ad.yaml").read_text()
    with Thinking(1_800, fields) as fake:
        project = Project(tmp_path, fake.url, experiment)
        ended = project.troupe("run", "x.yaml", "--model", model)
    assert ended.code in (0, 1), ended.err
    trials = project.results["trials"]
    answers = sum(trial["answers"] for trial in trials)
    assert answers == sum(trial["answers"] + trial["failed_answers"] + trial["refused_answers"] for trial in trials)
    assert sum(trial["failed_turns"] for trial in trials) == 0
    assert all(row["outcome"] in ("stated", "not_stated") for row in project.results["rows"])
    logs = b"".join(project.logs().values()).decode()
    assert SURE not in logs
    assert json.dumps(project.results).count(SURE) == 0


def test_a_reply_cut_off_for_good_is_counted_as_that(tmp_path: Path) -> None:
    with Thinking(10**6, {}) as fake:
        project = Project(tmp_path, fake.url)
        project.troupe("run", "x.yaml", "--model", "openai/gpt-5-mini")
        asked = len(fake.requests)
    assert {problem["kind"] for problem in project.results["problems"]} == {"cut_off"}
    assert "ended before it was complete" in project.report
    assert asked == 2 * len(project.results["problems"])
