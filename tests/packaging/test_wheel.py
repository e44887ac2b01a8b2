"""The wheel carries all a stranger needs: prompts, templates, starters."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(CHECKOUT)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_prompts_templates_and_starters(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    held = {Path(name).name for name in names}

    assert {"report.md.jinja", "plan.txt.jinja", "sections.txt.jinja"} <= held
    assert {"page.html.jinja", "page.css", "main.js"} <= held
    assert {"defaults.ini", "quickstart.yaml", "lisa.yaml", "picky_customer.yaml"} <= held
    templates = (CHECKOUT / "tinytroupe_cli" / "api" / "project_templates").rglob("*.*")
    assert {path.relative_to(CHECKOUT).as_posix() for path in templates} <= set(names)
    assert any(name.startswith("tinytroupe_cli/prompts/person/") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "results/")) or name.endswith(".gguf")]


def test_a_project_made_from_the_wheel_elsewhere_checks_and_plans(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(site), "NO_COLOR": "1"}

    def troupe(*words: str, where: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tinytroupe_cli", *words]
        return subprocess.run(
            command, cwd=where, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    made = troupe("init", "demo", where=elsewhere)
    assert made.returncode == 0, made.stderr
    project = elsewhere / "demo"
    assert (project / "experiments" / "quickstart.yaml").exists()

    checked = troupe("check", "experiments/quickstart.yaml", where=project)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    planned = troupe("plan", "experiments/quickstart.yaml", where=project)
    assert planned.returncode == 0, planned.stderr
    assert "Lisa Carter" in planned.stdout

    assert troupe("init", "survey", "--template", "survey", where=elsewhere).returncode == 0
    checked = troupe("check", "experiments/", where=elsewhere / "survey")
    assert checked.returncode == 0, checked.stdout + checked.stderr

    where = subprocess.run(
        [sys.executable, "-c", "import tinytroupe_cli; print(tinytroupe_cli.__file__)"],
        cwd=project, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert str(site) in where.stdout
