"""What the provider asks of the native library and makes of its answers, with a stand-in for the library."""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tinytroupe_cli.core.errors import EnvironmentProblem, Fatal, Rejected, Transient
from tinytroupe_cli.models.local_files import LocalFiles
from tinytroupe_cli.models.local_lookup import find_entry
from tinytroupe_cli.models.local_provider import LocalProvider, request_body
from tinytroupe_cli.models.port import AnswerSchema, Message, ModelConfig, Purpose, Request, SampleKey, Usage

SMALL = "local/smollm2-135m"
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"b": {"type": "string"}, "a": {"type": "string"}}}
ANSWER = [
    {"choices": [{"delta": {"role": "assistant", "content": None}}]},
    {"choices": [], "prompt_progress": {"total": 9, "processed": 9}},
    {"choices": [{"delta": {"content": "Good "}}]},
    {"choices": [{"delta": {"content": "day"}}]},
    {"choices": [{"delta": {}, "finish_reason": "stop"}]},
    {
        "choices": [],
        "usage": {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 4}},
        "timings": {"prompt_per_second": 70.0, "predicted_per_second": 25.0},
    },
]


@dataclass
class FakeLibrary:
    """Answers with given pieces; counts how many are inside it at once."""

    pieces: list[dict[str, Any]] = field(default_factory=lambda: list(ANSWER))
    failure: Exception | None = None
    wait: threading.Event | None = None
    entered: threading.Event = field(default_factory=threading.Event)
    loads: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    inside: int = 0
    most_inside: int = 0
    stopped: int = 0

    def load(self, path: Path, *, context: int) -> FakeLibrary:
        self.loads.append({"path": path, "context": context})
        return self

    def handle_chat_completions(self, prompt: dict[str, Any], callback: Callable[[dict[str, Any]], bool]) -> None:
        self.bodies.append(prompt)
        self.inside += 1
        self.entered.set()
        self.most_inside = max(self.most_inside, self.inside)
        try:
            if self.wait:
                self.wait.wait(10)
            if self.failure:
                raise self.failure
            for piece in self.pieces:
                if callback(piece):
                    self.stopped += 1
                    return
        finally:
            self.inside -= 1


def a_provider(folder: Path, library: FakeLibrary) -> LocalProvider:
    entry, files = find_entry(SMALL), LocalFiles(folder)
    with files.path(entry).open("wb") as file:
        file.truncate(entry.bytes)
    return LocalProvider(files, load=library.load, version=lambda: "1.0")


def a_request(text: str = "Hello", **changes: Any) -> Request:
    request = Request(
        model=ModelConfig(name=SMALL), messages=(Message(role="user", content=text),), purpose=Purpose(role="people")
    )
    return request.model_copy(update=changes)


def a_body(**changes: Any) -> dict[str, Any]:
    return request_body(a_request(**changes))


def test_pieces_become_one_completion_with_its_usage(tmp_path: Path):
    completion = asyncio.run(a_provider(tmp_path, FakeLibrary()).complete(a_request()))

    assert completion.text == "Good day"
    assert completion.finish == "stop"
    assert completion.usage == Usage(prompt=9, completion=2, cached=4)
    assert completion.model == "smollm2-135m"
    assert completion.fingerprint == "llama.cpp/1.0/b179c952"


def test_probabilities_of_the_first_token_are_asked_for_and_kept(tmp_path: Path):
    tops = [{"token": "A", "logprob": math.log(0.5)}, {"token": " A", "logprob": math.log(0.25)}, {"token": "B"}]
    pieces: list[dict[str, Any]] = [
        {"choices": [{"delta": {"content": "A"}, "logprobs": {"content": [{"token": "A", "top_logprobs": tops}]}}]},
        {"choices": [{"delta": {"content": "!"}, "logprobs": {"content": [{"token": "!", "top_logprobs": []}]}}]},
        {"choices": [{"delta": {}, "finish_reason": "length"}]},
    ]
    library = FakeLibrary(pieces)
    completion = asyncio.run(a_provider(tmp_path, library).complete(a_request(alternatives=20)))

    assert completion.alternatives == pytest.approx({"A": 0.5, " A": 0.25})
    assert (library.bodies[0]["logprobs"], library.bodies[0]["top_logprobs"]) == (True, 20)
    assert "logprobs" not in a_body()


def test_a_reply_cut_off_by_its_limit_says_so(tmp_path: Path):
    library = FakeLibrary([{"choices": [{"delta": {"content": "and"}, "finish_reason": "length"}]}])

    assert asyncio.run(a_provider(tmp_path, library).complete(a_request())).finish == "length"


@pytest.mark.parametrize(
    ("library", "expected", "words"),
    [
        (
            FakeLibrary([{"error": {"message": "9 tokens exceed 4", "type": "exceed_context_size_error"}}]),
            Rejected,
            "too long for smollm2-135m here: 9 tokens exceed 4",
        ),
        (
            FakeLibrary([{"error": {"message": "odd", "type": "invalid_request_error"}}]),
            Rejected,
            "rejected the request",
        ),
        (FakeLibrary(failure=ValueError("JSON schema error")), Rejected, "JSON schema error"),
        (FakeLibrary([{"error": {"message": "oops", "type": "server_error"}}]), Transient, "failed: oops"),
        (FakeLibrary(failure=RuntimeError("std::bad_alloc")), Transient, "bad_alloc"),
        (FakeLibrary(pieces=ANSWER[:2]), Transient, "cut off"),
    ],
    ids=["too long", "not taken", "bad schema", "server", "native", "cut off"],
)
def test_the_librarys_failures_become_ours(tmp_path: Path, library: FakeLibrary, expected: type[Exception], words: str):
    with pytest.raises(expected, match=words):
        asyncio.run(a_provider(tmp_path, library).complete(a_request()))


def test_a_model_that_is_not_here_is_offered_by_command(tmp_path: Path):
    provider = LocalProvider(LocalFiles(tmp_path), load=FakeLibrary().load, version=lambda: "1.0")

    with pytest.raises(EnvironmentProblem) as caught:
        asyncio.run(provider.complete(a_request()))

    assert caught.value.message == "smollm2-135m is not on this machine yet (98 MB)"
    assert caught.value.hint == "run: troupe model pull smollm2-135m"


def test_an_unknown_model_is_fatal(tmp_path: Path):
    request = a_request(model=ModelConfig(name="local/smollm"))

    with pytest.raises(Fatal, match="no local model is called 'smollm'"):
        asyncio.run(a_provider(tmp_path, FakeLibrary()).complete(request))


def test_a_damaged_file_is_found_out_when_it_will_not_load(tmp_path: Path):
    def fails(path: Path, *, context: int) -> FakeLibrary:
        raise RuntimeError(f"no luck with {path}, {context}")

    provider = a_provider(tmp_path, FakeLibrary())
    provider.load = fails

    with pytest.raises(EnvironmentProblem, match="is corrupt") as caught:
        asyncio.run(provider.complete(a_request()))

    assert caught.value.hint == "run: troupe model remove smollm2-135m, then: troupe model pull smollm2-135m"


def test_many_requests_load_a_model_once_and_enter_it_one_at_a_time(tmp_path: Path):
    library = FakeLibrary()

    async def ask_ten() -> None:
        provider = a_provider(tmp_path, library)
        await asyncio.gather(*(provider.complete(a_request(str(n))) for n in range(10)))
        await provider.aclose()

    asyncio.run(ask_ten())

    assert library.loads == [
        {"path": LocalFiles(tmp_path).path(find_entry(SMALL)), "context": 8192},
    ]
    assert len(library.bodies) == 10
    assert library.most_inside == 1


def test_a_cancelled_request_leaves_at_once_and_the_library_hears_of_it(tmp_path: Path):
    library = FakeLibrary(wait=threading.Event())

    async def cancel_one() -> None:
        provider = a_provider(tmp_path, library)
        task = asyncio.create_task(provider.complete(a_request()))
        await asyncio.to_thread(library.entered.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert library.inside == 1
        assert library.wait
        library.wait.set()
        await provider.aclose()

    asyncio.run(cancel_one())

    assert (library.inside, library.stopped) == (0, 1)


def test_an_answer_that_is_one_of_some_sentences_is_bound_by_a_grammar_and_not_by_json():
    shape = AnswerSchema.flat("v", {"sentence": {"type": "string", "enum": ['It is "so".', "No."]}})
    sentence = shape.model_copy(update={"is_sentence": True})

    body = a_body(answer=sentence, form="native")

    assert body["grammar"] == r'root ::= "It is \"so\"." | "No."'
    assert "response_format" not in body
    assert "grammar" not in a_body(answer=shape, form="native")


def test_equal_salts_give_equal_seeds_and_others_others():
    salts = [SampleKey(seed=1), SampleKey(seed=1), SampleKey(seed=1, sample=1), SampleKey(seed=2)]

    seeds = [a_body(salt=salt)["seed"] for salt in salts]

    assert seeds[0] == seeds[1]
    assert len(set(seeds)) == 3


def test_settings_of_the_model_reach_the_library():
    use = ModelConfig(name=SMALL, temperature=0.0, top_p=0.5, max_tokens=12)

    body = a_body(model=use)

    assert (body["temperature"], body["top_p"], body["max_tokens"]) == (0.0, 0.5, 12)
    assert "response_format" not in body


def test_a_schema_reaches_the_library_with_its_keys_in_order():
    body = a_body(answer=AnswerSchema(name="turn", body=SCHEMA), form="native")

    schema = body["response_format"]["json_schema"]["schema"]

    assert list(schema["properties"]) == ["b", "a"]


def test_an_answer_asked_for_in_words_is_not_constrained():
    body = a_body(answer=AnswerSchema(name="turn", body=SCHEMA), form="prompt")

    assert "response_format" not in body


@pytest.mark.parametrize(("form", "is_about_form"), [("native", True), ("text", False)])
def test_a_schema_not_taken_lets_the_ladder_step_down(tmp_path: Path, form: str, is_about_form: bool):
    library = FakeLibrary(failure=ValueError("JSON schema error"))
    request = a_request(answer=AnswerSchema(name="turn", body=SCHEMA), form=form)

    with pytest.raises(Rejected) as caught:
        asyncio.run(a_provider(tmp_path, library).complete(request))

    assert caught.value.is_about_form is is_about_form


def test_what_must_stay_short_is_bounded_here_and_nowhere_else():
    answer = AnswerSchema.flat("x", {"b": {"type": "string"}, "a": {"type": "string"}}, longest={"a": 200})
    schema = a_body(answer=answer, form="native")["response_format"]["json_schema"]["schema"]
    assert schema["properties"] == {"b": {"type": "string"}, "a": {"type": "string", "maxLength": 200}}
    assert list(schema["properties"]) == schema["required"] == ["b", "a"]
    assert "maxLength" not in str(answer.body)


def test_a_list_can_not_go_on_for_ever():
    answer = AnswerSchema.flat("answer", {"ideas": {"type": "array", "items": {"type": "string"}}})
    schema = a_body(answer=answer, form="native")["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["ideas"]["maxItems"] == 30
    assert "maxItems" not in str(answer.body)
