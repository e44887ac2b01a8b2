"""A small sentence encoder in plain numpy: a text -> a unit vector, 384 numbers for MiniLM.

BERT's encoder (Devlin et al., 2019) with the mean of its last layer, as sentence-transformers uses it (Reimers and
Gurevych, 2019). One text at a time, so that a vector never depends on what else was asked. Needs numpy and tokenizers.
"""

from __future__ import annotations

import importlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinytroupe_cli.core.errors import EnvironmentProblem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

HEADS = 12
MAX_TOKENS = 256
"""Maximum tokens, as in training; the rest of a longer text is not read."""
TINY = 1e-12
"""Keeps a layer's norm from dividing by zero; part of the model."""
_LENGTH = 8
"""Bytes of the number at the start of a safetensors file: the length of its header."""


@dataclass(frozen=True)
class Encoded:
    """A text's vector, and its number of tokens."""

    numbers: list[float]
    tokens: int


class SentenceModel:
    """Weights and tokenizer of one file: safetensors first, then the tokenizer's JSON."""

    def __init__(self, path: Path) -> None:
        """Load it; raises EnvironmentProblem without the packages, ValueError if the file is something else."""
        self._np = _package("numpy")
        content = memoryview(path.read_bytes())
        self._weights, end = _weights(content, self._np)
        self._tokenizer = _package("tokenizers").Tokenizer.from_str(bytes(content[end:]).decode())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        names = self._weights.keys()
        self._layers = 1 + max(int(name.split(".")[2]) for name in names if name.startswith("encoder.layer."))

    def encode(self, text: str) -> Encoded:
        """Return the vector of a text."""
        ids: list[int] = self._tokenizer.encode(text).ids
        hidden = self._embedded(ids)
        for number in range(self._layers):
            hidden = self._layer(hidden, f"encoder.layer.{number}")
        mean = hidden.mean(axis=0)
        length = float(self._np.linalg.norm(mean)) or 1.0
        return Encoded([float(number) / length for number in mean], len(ids))

    def _embedded(self, ids: list[int]) -> Array:
        words = self._weights["embeddings.word_embeddings.weight"][ids]
        places = self._weights["embeddings.position_embeddings.weight"][: len(ids)]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        return self._normed(words + places + kind, "embeddings.LayerNorm")

    def _layer(self, hidden: Array, name: str) -> Array:
        attended = self._linear(self._attended(hidden, f"{name}.attention.self"), f"{name}.attention.output.dense")
        hidden = self._normed(hidden + attended, f"{name}.attention.output.LayerNorm")
        thought = _gelu(self._linear(hidden, f"{name}.intermediate.dense"), self._np)
        return self._normed(hidden + self._linear(thought, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _attended(self, hidden: Array, name: str) -> Array:
        count, width = hidden.shape
        query, key, value = (
            self._linear(hidden, f"{name}.{part}").reshape(count, HEADS, width // HEADS).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(width // HEADS)
        weights = self._np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        return (weights @ value).transpose(1, 0, 2).reshape(count, width)

    def _linear(self, hidden: Array, name: str) -> Array:
        return hidden @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _normed(self, hidden: Array, name: str) -> Array:
        centered = hidden - hidden.mean(axis=-1, keepdims=True)
        spread = self._np.sqrt((centered * centered).mean(axis=-1, keepdims=True) + TINY)
        return centered / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _gelu(x: Array, np: Any) -> Array:
    """Return x times the normal CDF of x; erf by Abramowitz and Stegun, 7.1.26 (to 1.5e-7)."""
    half = np.abs(x) / math.sqrt(2)
    t = 1 / (1 + 0.3275911 * half)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(x) * (1 - series * np.exp(-half * half))
    return 0.5 * x * (1 + erf)


def _weights(content: memoryview, np: Any) -> tuple[Mapping[str, Array], int]:
    """Read a safetensors file's numbers; return them by name, and the file's end."""
    header = _LENGTH + int.from_bytes(content[:_LENGTH], "little")
    if header > len(content):
        raise ValueError("this is not a safetensors file")
    table: dict[str, Any] = json.loads(bytes(content[_LENGTH:header]))
    table.pop("__metadata__", None)
    weights: dict[str, Array] = {}
    end = header
    for name, entry in table.items():
        start, stop = entry["data_offsets"]
        end = max(end, header + stop)
        if entry["dtype"] == "F32":
            flat = np.frombuffer(content[header + start : header + stop], dtype="<f4")
            weights[name] = flat.reshape(entry["shape"])
    return weights, end


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as problem:
        raise EnvironmentProblem(
            f"embeddings on this machine need the package {name} ({problem})",
            hint="run: pip install 'tinytroupe-cli[local]'",
        ) from problem
