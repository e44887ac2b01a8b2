"""Has a model write plain prose; what was to be expected comes back as a value."""

from __future__ import annotations

import re

from tinytroupe_cli.core.errors import ProviderRefused, Rejected
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.models.declining import is_stock_refusal
from tinytroupe_cli.models.port import ChatModel, Message, ModelConfig, Purpose, Request, SampleKey

TOKENS_PER_WORD = 2
_SENTENCES = re.compile(r".*[.!?…。\uff01\uff1f][\"'”\u2019)]?(?=\s|$)", re.DOTALL)


async def generate_text(
    chat: ChatModel,
    use: ModelConfig,
    prompt: str,
    *,
    what: str,
    tokens: int,
    seed: int = 0,
    trial: str = "",
    is_whole: bool = False,
) -> str | NoAnswer:
    """Return what the author wrote, or why there is nothing; raises `Transient`, `Fatal` or `LimitReached`.

    Where it did not come to its end, it ends with its last whole sentence or, if it must be `is_whole`, is nothing.
    """
    request = Request(
        model=use,
        messages=(Message(role="user", content=prompt),),
        max_tokens=tokens,
        salt=SampleKey(seed=seed),
        purpose=Purpose(role="author", kind=what, trial=trial),
    )
    try:
        completion = await chat.complete(request)
    except ProviderRefused as error:
        return NoAnswer("refused", error.message)
    except Rejected as error:
        return NoAnswer("rejected", error.message)
    text = completion.text.strip()
    if is_stock_refusal(text):
        return NoAnswer("refused", text)
    if completion.finish == "length":
        whole = _SENTENCES.match(text)
        if whole is None or is_whole:
            return NoAnswer("cut_off", text)
        text = whole.group()
    return text or NoAnswer("bad_output", "it wrote nothing")
