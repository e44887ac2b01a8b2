"""Runs a command line of troupe and notes when it reached which stage, for `python -m tests.benchmarks`.

    python tests/benchmarks/timed_run.py MARKS.json run x.yaml --yes

Writes stage -> [seconds on the clock that all processes share, seconds of CPU]; `peak` is the largest memory in MiB.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

WATCHED_MODULES = ("litellm", "numpy", "openai")


def main() -> None:
    """Run the rest of the command line."""
    marks: dict[str, Any] = {}

    def mark(stage: str) -> None:
        marks.setdefault(stage, [time.perf_counter(), time.process_time()])

    mark("began")
    file, sys.argv = Path(sys.argv[1]), ["troupe", *sys.argv[2:]]
    watch_import(mark)
    from tinytroupe_cli.__main__ import main as troupe

    try:
        troupe()
    finally:
        mark("ended")
        marks["modules"] = [name for name in WATCHED_MODULES if name in sys.modules]
        marks["peak"] = peak_mib()
        file.write_text(json.dumps(marks))


def watch_import(mark: Any) -> None:
    """Note when LiteLLM is imported and first asked, and when the reports are begun and written."""
    import importlib.abc
    import importlib.machinery
    import importlib.util

    class Finder(importlib.abc.MetaPathFinder):
        def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
            del target
            watched = {"litellm": _asked_first, "tinytroupe_cli.api.run": _reported}.get(fullname)
            if watched is None:
                return None
            found = importlib.machinery.PathFinder.find_spec(fullname, path)
            assert found is not None
            assert found.loader is not None
            run = found.loader.exec_module

            def exec_module(module: Any) -> None:
                mark(f"{fullname} begun")
                run(module)
                watched(module, mark)

            found.loader.exec_module = exec_module
            return found

    sys.meta_path.insert(0, Finder())


def _asked_first(module: Any, mark: Any) -> None:
    mark("imported")
    ask = module.acompletion

    async def acompletion(**arguments: Any) -> Any:
        if arguments["messages"]:  # the call that warms LiteLLM up has none
            mark("asked")
            module.acompletion = ask
        return await ask(**arguments)

    module.acompletion = acompletion


def _reported(module: Any, mark: Any) -> None:
    write = module.write_reports

    def write_reports(*arguments: Any) -> Any:
        mark("played")
        try:
            return write(*arguments)
        finally:
            mark("reported")

    module.write_reports = write_reports


def peak_mib() -> float:
    """Return the largest resident memory of this process so far; 0 where the system doesn't tell."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()
