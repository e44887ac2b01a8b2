"""The pytest plugin: experiments as tests, one item for each expectation.

pytest collects every `*.experiment.yaml`. Tests use the fixture `troupe_run` to run an experiment and look at its
results. Nothing of troupe beyond this file is imported until an experiment is found or the fixture is called.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import pytest

if TYPE_CHECKING:
    from tinytroupe_cli.api.ci_reports import JudgedCase, JudgedSuite
    from tinytroupe_cli.reports.results import Results

ENDING = ".experiment.yaml"
_LIMIT_HINT = "set a limit: --troupe-max-cost USD, or `limits: {usd: …}` in the experiment; or raise [run] ask_above"


@dataclass(frozen=True, slots=True)
class ExperimentRun:
    """A finished run, as a test sees it."""

    results: Results
    """Everything the run found."""
    folder: Path
    """The run's folder."""
    report: Path
    """The report to read first."""
    suite: JudgedSuite
    """The run and its expectations, judged."""

    @property
    def expectations(self) -> dict[str, str]:
        """Return each expectation with `passed`, `failed`, `inconclusive` or `error`."""
        return {case.name: case.verdict for case in self.suite.cases[1:]}

    def check(self) -> None:
        """Fail the test if the run or one of its expectations fails."""
        failed = [f"{case.name}: {case.message}" for case in self.suite.cases if case.is_failure]
        if failed:
            pytest.fail("\n".join(failed), pytrace=False)


class TroupeRun(Protocol):
    """The fixture: runs an experiment."""

    def __call__(self, path: str | Path, *, offline: bool | None = None, **sets: object) -> ExperimentRun:
        """Run the experiment, its path relative to the test's folder; `sets` replace keys, as `--set` does.

        In their names, `__` stands for a dot: `world__steps=2`.
        """
        ...


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, each of them the same as for `troupe run`."""
    group = parser.getgroup("troupe", "experiments with simulated people")
    group.addoption("--troupe-model", metavar="MODEL", default=None, help="Model to use for every role.")
    group.addoption(
        "--troupe-offline", action="store_true", default=False, help="Use stored answers only; make no model calls."
    )
    group.addoption(
        "--troupe-max-cost", metavar="USD", type=float, default=None, help="Maximum cost of each experiment, in USD."
    )
    group.addoption(
        "--troupe-inconclusive",
        choices=("pass", "fail"),
        default=None,
        help="What an expectation counts as if its threshold is inside the interval.",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect experiments by the end of their names."""
    if file_path.name.endswith(ENDING):
        return cast("Any", ExperimentFile).from_parent(parent, path=file_path)
    return None


class ExperimentFile(pytest.File):
    """An experiment; it is run once, when its first item is."""

    _suite: JudgedSuite | None = None
    _error: Exception | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for the run, and one for each expectation."""
        from tinytroupe_cli.core.errors import SpecError
        from tinytroupe_cli.language.positions import read_yaml
        from tinytroupe_cli.reports.judged_suites import RUN_CASE

        try:
            document = read_yaml(self.path.read_text(encoding="utf-8"), str(self.path))
        except SpecError as error:
            raise self.CollectError(_words(error)) from error
        make = cast("Any", ExpectationItem).from_parent
        data = cast("object", document.value)
        written = cast("dict[str, object]", data).get("expect") if isinstance(data, dict) else None
        expect = [str(entry) for entry in cast("list[object]", written)] if isinstance(written, list) else []
        yield make(self, name=RUN_CASE, place=0, line=1)
        for number, name in enumerate(expect):
            line = document.span(("expect", number)).line
            yield make(self, name=name, place=number + 1, line=line)

    def judged(self) -> JudgedSuite:
        """Return the judged suite; runs the experiment the first time, and raises its error every time."""
        from tinytroupe_cli.core.errors import TroupeError

        if self._error is not None:
            raise self._error
        if self._suite is None:
            try:
                self._suite = _run(self.path, self.config, self.config.rootpath, {}).suite
            except TroupeError as error:
                self._error = error
                raise
        return self._suite


class ExpectationItem(pytest.Item):
    """One expectation of an experiment, or its run."""

    def __init__(self, *, name: str, parent: ExperimentFile, place: int, line: int, **others: Any) -> None:
        cast("Any", super()).__init__(name=name, parent=parent, **others)
        self._file, self._place, self._line = parent, place, line

    def runtest(self) -> None:
        """Judge it; an inconclusive expectation that fails nothing is skipped, with its figures."""
        case = self._file.judged().cases[self._place]
        if case.is_failure:
            raise ExpectationFailed(case)
        if case.verdict == "inconclusive":
            raise pytest.skip.Exception(case.message, _use_item_location=True)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the sentence with the figures, instead of a traceback."""
        from tinytroupe_cli.core.errors import TroupeError

        match excinfo.value:
            case ExpectationFailed(case=case):
                return f"{self.path}:{case.line}: {case.name}\n{case.message}"
            case TroupeError() as error:
                return _words(error)
            case _:
                return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where it is written."""
        return self.path, self._line - 1, f"{self.path.name}: {self.name}"


class ExpectationFailed(Exception):
    """An expectation does not hold, or could not be judged."""

    def __init__(self, case: JudgedCase) -> None:
        super().__init__(case.message)
        self.case = case


@pytest.fixture
def troupe_run(request: pytest.FixtureRequest) -> TroupeRun:
    """Return a function that runs an experiment: `troupe_run("x.yaml").results`."""
    folder = request.path.parent

    def run(path: str | Path, *, offline: bool | None = None, **sets: object) -> ExperimentRun:
        replaced = {name.replace("__", "."): str(value) for name, value in sets.items()}
        return _run(folder / path, request.config, request.config.rootpath, replaced, offline=offline)

    return run


def _run(
    path: Path, config: pytest.Config, project_dir: Path, sets: dict[str, str], *, offline: bool | None = None
) -> ExperimentRun:
    """Run an experiment in the folder of its project; raises `TroupeError` if it can't be run, or costs too much."""
    from tinytroupe_cli.api.ci_reports import judged_suite
    from tinytroupe_cli.api.cost_consent import cost_question
    from tinytroupe_cli.api.planning import compile_file
    from tinytroupe_cli.api.preparing import prepare
    from tinytroupe_cli.api.run import run_prepared
    from tinytroupe_cli.core.errors import RunError

    is_offline = bool(config.getoption("--troupe-offline")) if offline is None else offline
    flags = {"model.people": config.getoption("--troupe-model"), "run.max_cost": config.getoption("--troupe-max-cost")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of LiteLLM are no failures of a test
        compiled = compile_file(
            path, env=os.environ, overrides=sets, flags=flags, folder=project_dir, is_offline=is_offline
        )
        prepared = prepare(compiled, env=os.environ, folder=project_dir, is_offline=is_offline)
        if question := cost_question([prepared], is_terminal=False):
            raise RunError(question.refusal.message, hint=_LIMIT_HINT)
        outcome = run_prepared(prepared, command=" ".join(["pytest", *sys.argv[1:]]))
    rule, plan = config.getoption("--troupe-inconclusive"), compiled.plan
    suite = judged_suite((path, compiled.text), plan.name, plan.expect, outcome=outcome, inconclusive=rule)
    return ExperimentRun(outcome.results, outcome.folder, outcome.main_report, suite)


def _words(error: Any) -> str:
    from tinytroupe_cli.core.errors import SpecError

    if isinstance(error, SpecError):
        lines = [
            f"{found.span.source}:{found.span.line}:{found.span.column}  {found.code}  {found.message}"
            + (f"  ({found.hint})" if found.hint else "")
            for found in error.diagnostics
        ]
        return "\n".join(lines)
    return f"{error.message}\n{error.hint}".strip()
