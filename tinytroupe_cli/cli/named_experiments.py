"""The experiments that a command names: files and folders, compiled and prepared with the same settings."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinytroupe_cli.core.errors import RunError

if TYPE_CHECKING:
    from tinytroupe_cli.api.planning import Compiled
    from tinytroupe_cli.api.preparing import Prepared


@dataclass(frozen=True, slots=True)
class NamedExperiments:
    """The experiments that a command names, and the settings they run with."""

    files: Sequence[Path]
    overrides: Mapping[str, str]
    flags: Mapping[str, Any]
    resume: Path | None
    retry: Sequence[str]
    is_offline: bool
    may_import: bool = False

    def compiled(self) -> list[Compiled]:
        """Compile all of them; raises `SpecError` with the errors of all."""
        from tinytroupe_cli.api.experiment_files import experiments_in
        from tinytroupe_cli.api.planning import RunToContinue, compile_files
        from tinytroupe_cli.api.retry import retry_kinds

        kinds = retry_kinds(self.retry)
        paths = experiments_in(self.files)
        if self.resume and len(paths) > 1:
            raise RunError(f"--resume expects one experiment, got {len(paths)}", hint="name one of them")
        return compile_files(
            paths,
            overrides=self.overrides,
            flags=self.flags,
            env=os.environ,
            is_offline=self.is_offline,
            may_import=self.may_import,
            going_on=RunToContinue(self.resume, is_finished_too=self.is_offline or bool(kinds)),
        )

    def prepared(self, all_compiled: Sequence[Compiled]) -> list[Prepared]:
        """Prepare all runs, those of multiverses included; raises whatever would stop one of them."""
        from tinytroupe_cli.api.preparing import prepare
        from tinytroupe_cli.api.retry import retry_kinds

        folder, kinds = Path.cwd(), retry_kinds(self.retry)
        every = [run for compiled in all_compiled for run in compiled.runs]
        if self.resume and len(every) > 1:
            hint = "leave out --resume: the same command continues unfinished runs"
            raise RunError("--resume continues one run, but a multiverse has several", hint=hint)
        return [
            prepare(
                compiled, env=os.environ, folder=folder, resume=self.resume, is_offline=self.is_offline, retry=kinds
            )
            for compiled in every
        ]
