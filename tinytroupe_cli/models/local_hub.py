"""Asks the model hub what a file is: its size and its hash."""

from __future__ import annotations

from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.models.local_catalog import LocalModelEntry
from tinytroupe_cli.models.local_lookup import remember_hub_file

SECONDS = 10.0
GLANCE_SECONDS = 2.0
"""For a look at whether the hub can be reached at all."""
LETTERS_OF_SHA256 = 64
FIRST_ERROR = 400
"""Of HTTP's answers; a redirect to where the file lies is none."""


def looked_up(entry: LocalModelEntry) -> LocalModelEntry:
    """Return the entry with size and hash as the hub tells them; raises EnvironmentProblem."""
    if entry.hub is None:
        return entry
    try:
        from huggingface_hub import (  # noqa: PLC0415 - slow to import, seldom needed
            get_hf_file_metadata,  # pyright: ignore[reportUnknownVariableType] - one of its arguments is a bare dict
            hf_hub_url,
        )

        found = get_hf_file_metadata(hf_hub_url(entry.hub.repository, entry.hub.file), timeout=SECONDS)
    except ImportError as problem:
        raise EnvironmentProblem(f"the model hub needs the package huggingface_hub ({problem})") from problem
    except Exception as problem:
        raise EnvironmentProblem(
            f"{entry.name} could not be looked up on the model hub: {problem}".splitlines()[0],
            hint="look at the name and the network; a file you have already runs by its path: local/PATH.gguf",
        ) from problem
    sha256 = (found.etag or "").strip('"')
    if not found.size or len(sha256) != LETTERS_OF_SHA256:
        raise EnvironmentProblem(
            f"the model hub tells no SHA-256 of {entry.name}, so what comes could not be checked",
            hint="fetch it by other means and name its path: local/PATH.gguf",
        )
    remember_hub_file(entry.name, size=found.size, sha256=sha256)
    return entry.model_copy(update={"bytes": found.size, "sha256": sha256})


def reaches_hub(entry: LocalModelEntry, *, seconds: float = GLANCE_SECONDS) -> bool:
    """Say whether the hub has an entry's file for us, within so many seconds."""
    if entry.hub is None:
        return False
    try:
        import httpx  # noqa: PLC0415 - slow to import, seldom needed
        from huggingface_hub import hf_hub_url  # noqa: PLC0415
        from huggingface_hub.constants import HF_HUB_OFFLINE  # noqa: PLC0415
    except ImportError:
        return False
    if HF_HUB_OFFLINE:
        return False
    url = hf_hub_url(entry.hub.repository, entry.hub.file)
    try:
        return httpx.head(url, timeout=seconds).status_code < FIRST_ERROR
    except httpx.HTTPError:
        return False
