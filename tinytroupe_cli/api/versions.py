"""Versions of troupe and its libraries."""

from __future__ import annotations

import platform
from importlib import metadata

__all__ = ["version_of", "versions"]


def versions() -> dict[str, str]:
    """Return the versions that can affect a run's outcome; packages not installed are left out."""
    found = {"troupe": version_of("tinytroupe-cli"), "python": platform.python_version()}
    found |= {name: version_of(name) for name in ("litellm", "xllamacpp")}
    return {name: version for name, version in found.items() if version}


def version_of(package: str) -> str:
    """Return an installed package's version; empty if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
