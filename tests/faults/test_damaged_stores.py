"""Whatever is damaged in a run's folder: the file is named, no report becomes emptier, and the experiment runs again.

`python -m tests.faults --stores 400` damages every file in every way.
"""

from __future__ import annotations

import pytest
from faults.arena import KEY, quiet_settings
from faults.damaged_stores import DAMAGES, Damage, a_run, copied, damages, used
from provider import FakeProvider

KINDS = ("manifest.json", "plan.json", "calls.sqlite", "events.jsonl")


@pytest.fixture(scope="module", params=["finished", "half"])
def templates(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stores")
    with pytest.MonkeyPatch.context() as patch, FakeProvider() as fake:
        for name, value in {**quiet_settings(folder / "user"), "OPENAI_API_KEY": KEY}.items():
            patch.setenv(name, value)
        project = a_run(folder / "project", fake.url, request.param)
        copied(project.folder, folder / "template")
        yield project, folder / "template", request.param


@pytest.mark.parametrize(("kind", "way"), list(zip(KINDS * 3, list(DAMAGES) * 2, strict=False)))
def test_a_run_with_a_damaged_file_is_used_without_a_crash(templates, kind: str, way: str) -> None:
    project, template, state = templates
    copied(template, project.folder)
    damage = next(each for each in damages(project, state) if each.file.endswith(kind) and each.way == way)

    faults = [f"{words}: {fault}" for words, fault, _ in used(project, damage) if fault]

    assert faults == []
    assert isinstance(damage, Damage)
