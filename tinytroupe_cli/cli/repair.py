"""troupe repair: rebuilds what can be rebuilt of a damaged run, and sets aside the rest."""

from __future__ import annotations

from tinytroupe_cli.cli.options import Json, RunArgument
from tinytroupe_cli.cli.terminal import out, print_json, relative_path
from tinytroupe_cli.cli.waiting import waiting


def repair(
    run: RunArgument,
    *,
    as_json: Json = False,
) -> None:
    """Repair a run whose files were damaged. Makes no model calls; damaged files are renamed, not deleted."""
    from tinytroupe_cli.api.repairing import repair_run, run_to_repair

    folder = run_to_repair(run)
    with waiting("repairing", is_quiet=as_json):
        repairs = repair_run(folder)
    if as_json:
        print_json({"run": str(folder), "repairs": [{"file": str(each.file), "done": each.done} for each in repairs]})
        return
    for each in repairs:
        out().print(f"{relative_path(each.file)} {each.done}", markup=False)
    if repairs:
        out().print("Run the same experiment again to resume the run: answers that are left are not asked for again.")
    else:
        out().print(f"Nothing is damaged in {relative_path(folder)}.", markup=False)
