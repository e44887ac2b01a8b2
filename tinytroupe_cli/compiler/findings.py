"""Collects an experiment's errors and warnings; they are placed in the file at the end, all at once."""

from __future__ import annotations

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.expressions import ExpressionError
from tinytroupe_cli.language.positions import Document, Path
from tinytroupe_cli.language.problems import LocatedProblem, NearNames, Part, placed
from tinytroupe_cli.language.templates import TemplateError

MAX_FINDINGS = 200
"""Errors, and warnings, that are reported at once."""


class Findings:
    """What is wrong with one document, in the order found; each is kept once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[LocatedProblem | Diagnostic, None] = {}
        self._told: set[tuple[Path, str]] = set()
        self.read_as_template: set[Path] = set()
        """Places of texts that are filled in."""

    @property
    def document(self) -> Document:
        """Return the document."""
        return self._document

    @property
    def errors(self) -> int:
        """Return the number of errors."""
        return sum(finding.is_error for finding in self._found)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """Return the warnings."""
        return tuple(finding for finding in self._placed() if not finding.is_error)

    def add(
        self,
        code: str,
        message: str,
        path: Path,
        *,
        hint: str | NearNames = "",
        key: bool = False,
        is_error: bool = True,
    ) -> None:
        """Add a finding about a whole value, or its key."""
        hint = hint.hint() if isinstance(hint, NearNames) else hint
        self._found.setdefault(LocatedProblem(code, message, path, hint, key, is_error))

    def add_inside(
        self,
        code: str,
        error: TemplateError | ExpressionError,
        path: Path,
        text: str,
        *,
        said: str = "",
        is_error: bool = True,
    ) -> None:
        """Add a finding about part of a text; if it fails for many people, `said` names the first."""
        if (path, error.message) in self._told:
            return
        self._told.add((path, error.message))
        offset = error.column - 1 if isinstance(error, ExpressionError) else error.offset
        message = said or error.message
        part = Part(text, offset, error.length)
        self._found.setdefault(LocatedProblem(code, message, path, error.hint, is_error=is_error, part=part))

    def keep(self, *findings: Diagnostic) -> None:
        """Add diagnostics made elsewhere."""
        self._found |= dict.fromkeys(findings)

    def raise_errors(self) -> None:
        """Raise all diagnostics, including warnings, if there is an error."""
        if self.errors:
            raise SpecError(sorted(self._placed(), key=lambda finding: finding.span))

    def _placed(self) -> list[Diagnostic]:
        every = (
            finding if isinstance(finding, Diagnostic) else placed(self._document, finding)
            for finding in self._first_found()
        )
        return list(dict.fromkeys(every))

    def _first_found(self) -> list[Diagnostic | LocatedProblem]:
        """Return the first errors, and the first warnings: more would take long to place, and nobody reads them."""
        errors = [finding for finding in self._found if finding.is_error]
        warnings = [finding for finding in self._found if not finding.is_error]
        return [*errors[:MAX_FINDINGS], *warnings[:MAX_FINDINGS]]
