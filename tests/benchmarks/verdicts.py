"""How often a model reads yes, no or neither out of an answer as a reader does.

    python tests/benchmarks/verdicts.py                                   the 1.5B model, beside a key in JSON
    python tests/benchmarks/verdicts.py --model local/qwen3-4b

`verdicts.yaml` holds 44 answers to five questions with what one reader takes them for; half had no part in choosing
the prompt. Prints how many are read alike by `Coder.verdict`, and by the same model asked for `"yes"`, `"no"` or
`"not stated"` under a key, which is how troupe asked before; then every difference.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import yaml

from tinytroupe_cli.api.local_models import local_provider
from tinytroupe_cli.measurement.instruments import answer_schema, instrument
from tinytroupe_cli.measurement.question_texts import question_text
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.script.coder import Coder, ToCode
from tinytroupe_cli.models.adaptations import Adaptations
from tinytroupe_cli.models.port import ChatModel, ModelConfig
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.structured import Structured
from tinytroupe_cli.plan.types import PlannedField

ANSWERS = Path(__file__).with_suffix(".yaml")
FIELD = PlannedField(name="verdict", kind="yes_no")
Read = Callable[[ToCode], Awaitable[object]]


def to_code(question: str, words: str) -> ToCode:
    item = instrument(FIELD, key="item_1", procedure="code")
    return ToCode(
        person="lisa",
        name="Lisa",
        question=question,
        words=words,
        items=question_text("", [item], "code").strip(),
        schema=answer_schema([item]),
        sample=0,
        step=1,
    )


def under_a_key(coder: Coder) -> Read:
    async def read(answer: ToCode) -> object:
        found = await coder.code(answer)
        if isinstance(found, NoAnswer):
            return found
        return {"yes": True, "no": False}.get(str(found.values["item_1"]))

    return read


async def play(name: str, read: Read) -> None:
    for group, questions in yaml.safe_load(ANSWERS.read_text(encoding="utf-8")).items():
        started, right, differing, total = time.perf_counter(), 0, [], 0
        for part in questions:
            for truth, words in part["answers"]:
                found = await read(to_code(part["question"], words))
                told = {True: "yes", False: "no", None: "open"}.get(found, "no answer")  # type: ignore[call-overload]
                total += 1
                right += told == truth
                differing += [] if told == truth else [f"    {truth}, read as {told}: {words}"]
        print(f"{name}, {group}: {right} of {total}, {(time.perf_counter() - started) / total:.1f} s each")
        print(*differing, sep="\n")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--model", default="local/qwen2.5-coder-1.5b")
    use = ModelConfig(name=parser.parse_args().model)
    provider = local_provider()
    chat: ChatModel = Structured(provider, PriceTable(), Adaptations())
    coder = Coder(chat, use, seed=0, trial="benchmark")
    try:
        await play("one of three sentences", coder.verdict)
        await play("a word under a key", under_a_key(coder))
    finally:
        await provider.aclose()


if __name__ == "__main__":
    asyncio.run(main())
