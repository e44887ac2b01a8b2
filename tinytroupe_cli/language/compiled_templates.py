"""Compiles templates that ship with troupe once, and keeps them as Python keeps its modules, in `__pycache__`.

Compiling those of a report took half a second of every run.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, BytecodeCache, Environment, StrictUndefined, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame

from tinytroupe_cli.core.files import write_whole


def kept_environment(
    loader: BaseLoader,
    *,
    is_html: bool = False,
    finalize: Callable[..., Any] | None = None,
    extensions: tuple[str, ...] = (),
    keeps_layout: bool = True,
) -> Environment:
    """Return an environment for templates of troupe's own; unknown names are errors.

    With `keeps_layout`, lines with only a statement leave nothing behind, and the last newline stays.
    """
    about = (version("jinja2"), is_html, finalize is not None, extensions, keeps_layout)
    made = Environment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=is_html,  # noqa: S701 - the others are plain text, or escaped by `finalize`
        finalize=finalize,
        extensions=extensions,
        optimized=False,
        bytecode_cache=_BesideSources(hashlib.blake2b(repr(about).encode(), digest_size=4).hexdigest()),
        trim_blocks=keeps_layout,
        lstrip_blocks=keeps_layout,
        keep_trailing_newline=keeps_layout,
    )
    made.code_generator_class = _WithoutFolding
    return made


class _BesideSources(BytecodeCache):
    """Reads and writes `__pycache__/NAME.SETTINGS.cpython-311.pyc`; where that can't be written, nothing is kept."""

    def __init__(self, settings: str) -> None:
        self._settings = settings

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the path of the template: it is found by it again."""
        return filename or name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read what was kept, if it was compiled from this very text."""
        with suppress(OSError, EOFError, pickle.UnpicklingError), self._file(bucket).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, unless Python is told to keep no compiled modules."""
        if not sys.dont_write_bytecode and Path(bucket.key).is_absolute():
            with suppress(OSError):
                write_whole(self._file(bucket), bucket.bytecode_to_string())

    def _file(self, bucket: Bucket) -> Path:
        return Path(cache_from_source(f"{bucket.key}.{self._settings}.py"))


class _WithoutFolding(CodeGenerator):
    """Calls filters only when a template is rendered: what is kept must not depend on what they do today."""

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)
