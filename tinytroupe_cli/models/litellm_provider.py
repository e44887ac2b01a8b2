"""Calls models through LiteLLM; the only module that imports it. It is imported on first use.

LiteLLM's errors are translated here. One call per request: none of its Router, retries, cache, streaming or callbacks.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import logging
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, cast

from tinytroupe_cli.core.environment_references import REFERENCE
from tinytroupe_cli.core.errors import (
    EnvironmentProblem,
    ProviderRefused,
)
from tinytroupe_cli.core.secrets import Secrets
from tinytroupe_cli.models.cache_marks import wants_marks, with_marks
from tinytroupe_cli.models.litellm_errors import translated
from tinytroupe_cli.models.litellm_replies import completion_of, is_odd
from tinytroupe_cli.models.litellm_vectors import embedding_of
from tinytroupe_cli.models.port import Completion, Message, ModelConfig, Request
from tinytroupe_cli.models.preflight import keys_of
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.reaching import Reaching
from tinytroupe_cli.models.servers import basic_authorization, told_address, without_user
from tinytroupe_cli.models.thinking import text_of
from tinytroupe_cli.models.unreadable_replies import unreadable_reply

Headers = Callable[[Request, Mapping[str, str]], None]
"""Receives the headers of every answer."""

_PLACEHOLDER_KEY = "none"
"""Sent to users' own servers that need no key, because LiteLLM insists on one."""


_TO_NOBODY = {"api_base": "http://127.0.0.1:9", "api_key": _PLACEHOLDER_KEY, "max_retries": 0, "timeout": 1.0}
"""A request to a port of this machine where no server listens: it fails at once, and all code is loaded."""
_READ_ONLY = r"Items? .* on TypedDict class .* using the `ReadOnly` qualifier"
"""A warning of pydantic about LiteLLM's own types (1.110, pydantic 2.14), which users can't fix."""
_NOT_BEGUN = r"coroutine '[A-Za-z]+\.[a-z_]*completion' was never awaited"
"""A warning of Python about a call cancelled after LiteLLM prepared it in a thread, before it started."""


_OBJECTS_BEFORE_COLLECTING = 100_000
_IS_OWN_CALL: ContextVar[bool] = ContextVar("_IS_OWN_CALL", default=False)
"""Whether a call is troupe's, not another one of the program that runs it."""


class LiteLLMProvider:
    """Calls any provider LiteLLM supports."""

    def __init__(
        self,
        on_headers: Headers | None = None,
        images: Mapping[str, str] | None = None,
        secrets: Secrets | None = None,
    ) -> None:
        """Take the receiver of headers, images by name, as data URIs, and what replies may not repeat."""
        self.on_headers = on_headers
        self.remarked: Callable[[str], None] = lambda _sentence: None
        """Told what is odd about a server, in a sentence."""
        self._images = dict(images or {})
        self._prices = PriceTable()
        self._reaching = Reaching()
        self._secrets = secrets or Secrets(os.environ)
        self._secrets_of: dict[str, Secrets] = {}
        self._seeded: dict[str, bool] = {}
        self._litellm: Any = None
        self._importing = asyncio.Lock()

    async def warm_up(self, use: str) -> None:
        """Import LiteLLM in a thread, as it takes seconds, and load what its first call needs."""
        if self._litellm is not None:
            return
        async with self._importing:
            if self._litellm is None:
                self._litellm = await self._loaded(use)

    async def complete(self, request: Request) -> Completion:
        """Call once; raises a `ModelError`. LiteLLM is imported by the first request that gets this far."""
        await self._reaching.make_sure(request.model)
        await self.warm_up(request.model.name)
        try:
            response = await self._asked(request)
        except Exception as error:
            unreadable = unreadable_reply(error, request)
            if unreadable is not None:
                return unreadable
            ours = translated(error, request)
            hide = self._hide_for(request)
            ours.message, ours.hint = hide(ours.message), hide(ours.hint)
            if isinstance(ours, ProviderRefused):
                return Completion(text=ours.message, finish="refused", model=request.model.name)
            raise ours from error
        if self.on_headers is not None:
            self.on_headers(request, _headers(response))
        if is_odd(getattr(response, "usage", None)):
            self.remarked(f"{request.model.name} reports impossible token counts: taken as 0, so costs are too low")
        if request.form == "vector":
            return embedding_of(response, request)
        completion = completion_of(response, request)
        return completion.model_copy(update={"text": self._hide_for(request)(completion.text)})

    def _hide_for(self, request: Request) -> Callable[[str], str]:
        """Return what removes secrets, those that the request's own address refers to included."""
        address = request.model.api_base or ""
        if not REFERENCE.search(address):
            return self._secrets.hide
        if address not in self._secrets_of:
            self._secrets_of[address] = Secrets(os.environ, referring=address)
        own = self._secrets_of[address]
        return lambda text: own.hide(self._secrets.hide(text))

    async def aclose(self) -> None:
        """Close the connections LiteLLM keeps."""
        if self._litellm is not None:
            await self._litellm.close_litellm_async_clients()

    async def _loaded(self, use: str) -> Any:
        module = await asyncio.to_thread(_imported)
        if use.startswith(("openai/", "hosted_vllm/")):
            with contextlib.suppress(Exception):  # that nobody listens is the point
                await module.acompletion(model=use, messages=[], **_TO_NOBODY)
        return module

    async def _asked(self, request: Request) -> Any:
        is_own = _IS_OWN_CALL.set(True)
        try:
            return await self._sent(request)
        finally:
            _IS_OWN_CALL.reset(is_own)

    async def _sent(self, request: Request) -> Any:
        if request.form == "vector":
            texts = [message.content for message in request.messages]
            # LiteLLM may leave out what Ollama and LM Studio don't take, and would else refuse the call.
            form = {"encoding_format": "float", "drop_params": True}
            return await self._litellm.aembedding(input=texts, **form, **self._place(request.model, request.form))
        return await self._litellm.acompletion(**self._arguments(request))

    def _place(self, use: ModelConfig, form: str) -> dict[str, Any]:
        """Return who is asked, where, with which key, and how long we wait."""
        place: dict[str, Any] = {"model": _litellm_name(use.name, form), "max_retries": 0, "timeout": use.timeout}
        address = told_address(use, os.environ)
        if address:
            place["api_base"] = without_user(address)
            if basic := basic_authorization(address):
                place["extra_headers"] = {"Authorization": basic}
            if not any(os.environ.get(name) for name in keys_of(use.name.partition("/")[0])):
                place["api_key"] = _PLACEHOLDER_KEY
        return place

    def _arguments(self, request: Request) -> dict[str, Any]:
        use, adjusted = request.model, request.adjusted
        messages = request.messages
        if "without_system_role" in adjusted:
            messages = without_system_role(messages)
        written = [self._message(message) for message in messages]
        if wants_marks(use, self._prices):
            written = with_marks(written)
        arguments: dict[str, Any] = {**self._place(use, request.form), "messages": written}
        if "without_limit" not in adjusted:
            name = "max_completion_tokens" if "max_completion_tokens" in adjusted else "max_tokens"
            arguments[name] = request.reply_limit
        optional: dict[str, Any] = {
            "temperature": use.temperature,
            "top_p": use.top_p,
            "reasoning_effort": use.reasoning_effort,
            "seed": request.seed if self._takes_seed(use) else None,
            "stop": list(request.stop) or None,
        }
        arguments |= {
            name: value for name, value in optional.items() if value is not None and f"without_{name}" not in adjusted
        }
        if request.alternatives:
            arguments |= {"logprobs": True, "top_logprobs": request.alternatives}
        if request.answer is not None and request.form == "native":
            schema = {"name": request.answer.name, "schema": request.answer.body, "strict": True}
            arguments["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif request.form == "json":
            arguments["response_format"] = {"type": "json_object"}
        return arguments

    def _message(self, message: Message) -> dict[str, Any]:
        if not message.images:
            return {"role": message.role, "content": message.content}
        images = [{"type": "image_url", "image_url": {"url": self._images[name]}} for name in message.images]
        return {"role": message.role, "content": [{"type": "text", "text": message.content}, *images]}

    def _takes_seed(self, use: ModelConfig) -> bool:
        if use.name not in self._seeded:
            supported = self._litellm.get_supported_openai_params(model=_litellm_name(use.name, "text"))
            self._seeded[use.name] = "seed" in (supported or [])
        return self._seeded[use.name]


def _litellm_name(use: str, form: str) -> str:
    """Return the name by which LiteLLM calls Ollama's chat endpoint rather than its completion endpoint."""
    provider, slash, name = use.partition("/")
    if provider not in ("ollama", "ollama_chat"):
        return use
    return f"{'ollama' if form == 'vector' else 'ollama_chat'}{slash}{name}"


def without_system_role(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Return the messages with the system text in the first user message, and with alternating roles."""
    system = "\n\n".join(message.content for message in messages if message.role == "system")
    others = [message for message in messages if message.role != "system"]
    if not system:
        return tuple(others)
    if not others or others[0].role != "user":
        return (Message(role="user", content=system), *others)
    first = others[0].model_copy(update={"content": f"{system}\n\n{others[0].content}"})
    return (first, *others[1:])


def _imported() -> Any:
    """Import LiteLLM quietly: no network, no .env from other folders, no log handlers, no telemetry."""
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS", "True")
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")
    # OpenAI's models by LiteLLM's own HTTP handler, as most providers go: without the openai package's
    # request transform, a third less CPU a call. Set it to False to go through that package again.
    os.environ.setdefault("EXPERIMENTAL_OPENAI_BASE_LLM_HTTP_HANDLER", "True")
    try:
        import litellm  # noqa: PLC0415 - takes seconds: only where a provider is really asked
        from litellm.llms.custom_httpx.async_client_cleanup import (  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]
            close_litellm_async_clients,  # pyright: ignore[reportUnknownVariableType] - LiteLLM is untyped here
        )
    except ImportError as error:
        raise EnvironmentProblem(f"LiteLLM can't be imported: {error}", hint="run: pip install litellm") from error
    module = cast("Any", litellm)
    module.suppress_debug_info = True
    module.drop_params = False
    module.callbacks = []
    module.close_litellm_async_clients = close_litellm_async_clients
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(logging.CRITICAL)
    _leave_out_costs()
    _join_parts()
    warnings.filterwarnings("ignore", _READ_ONLY, UserWarning)
    warnings.filterwarnings("ignore", _NOT_BEGUN, RuntimeWarning)
    _leave_alone_what_stays()
    return module


@functools.cache
def _leave_alone_what_stays() -> None:
    """Keep LiteLLM's objects out of garbage collections; once, as what a later run leaves behind would stay for ever.

    A program that runs experiments keeps its thresholds; the command line's are made for its start.
    """
    gc.collect()
    gc.freeze()
    if gc.get_threshold()[0] > _OBJECTS_BEFORE_COLLECTING:
        gc.set_threshold(_OBJECTS_BEFORE_COLLECTING, 50, 100)


def _leave_out_costs() -> None:
    """Keep LiteLLM from computing what troupe's own calls cost, a quarter of its CPU time; `prices.py` does it once.

    LiteLLM has no setting for this. Other calls of this process are computed as before. A test fails if a version of
    LiteLLM computes costs elsewhere.
    """
    with contextlib.suppress(ImportError):  # another version of LiteLLM may keep it elsewhere: then it is computed
        from litellm.litellm_core_utils.litellm_logging import (  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]
            Logging,
        )

        compute = getattr(Logging, "response_cost_calculator", None)
        if compute is None or getattr(compute, "leaves_out_own_calls", False):
            return

        @functools.wraps(compute)
        def of_others(*arguments: Any, **named: Any) -> Any:
            return None if _IS_OWN_CALL.get() else compute(*arguments, **named)

        setattr(of_others, "leaves_out_own_calls", True)  # noqa: B010 - functions have no such attribute by type
        Logging.response_cost_calculator = of_others


@functools.cache
def _join_parts() -> None:
    """Let LiteLLM read replies whose content is a list of parts, which it takes for failed calls."""
    with contextlib.suppress(ImportError):
        from litellm.types.utils import (  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]
            Message as Reply,
        )

        reply = cast("Any", Reply)
        begin = reply.__init__

        def of_parts(self: Any, content: Any = None, *others: Any, **fields: Any) -> None:
            begin(self, text_of(content) if isinstance(content, list) else content, *others, **fields)

        reply.__init__ = of_parts


def _headers(response: Any) -> Mapping[str, str]:
    hidden: dict[str, Any] = getattr(response, "_hidden_params", None) or {}
    headers: dict[str, Any] = hidden.get("additional_headers") or {}
    return {str(name).lower(): str(value) for name, value in headers.items()}
