"""The user's cache of answers from earlier runs."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from tinytroupe_cli.api.settings import Settings
from tinytroupe_cli.runs.calls import SqliteCallStore

__all__ = ["open_user_cache", "user_adaptation_files", "user_cache_path"]

ADAPTATIONS = "adaptations.json"
"""Next to the cache: what was learned about models' servers."""


def user_cache_path(folder: str | None) -> Path:
    """Return the path of the user's cache."""
    place = Path(folder).expanduser() if folder else Path(platformdirs.user_cache_dir("troupe", appauthor=False))
    return place / "calls.sqlite"


def open_user_cache(settings: Settings) -> SqliteCallStore | None:
    """Open the user's cache; None if it is switched off."""
    if not settings.cache_enabled:
        return None
    hint = "run with --no-cache, or set another folder with [cache] folder in config.ini"
    return SqliteCallStore(user_cache_path(settings.cache_folder), keep_requests=False, hint=hint)


def user_adaptation_files(settings: Settings) -> list[Path]:
    """Return where the user's knowledge of servers is kept; empty if the cache is switched off."""
    return [user_cache_path(settings.cache_folder).with_name(ADAPTATIONS)] if settings.cache_enabled else []
