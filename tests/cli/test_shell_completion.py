"""Completion, asked for as bash, zsh and fish do."""

from __future__ import annotations

import os
import resource
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from projects import EXPERIMENT, Finished, Project
from provider import FakeProvider

HOSTILE = ("$(touch pwned)", "`touch pwned`", "a'b;touch pwned", "-rf", "back\\slash")
TABLE = [
    (["ch"], ["check", "chat"]),
    (["persona", "sh"], ["show"]),
    (["run", "x.yaml", "--jun"], ["--junit"]),
    (["run", ""], ["experiments/deep.yaml", "x.yaml"]),
    (["check", "exp"], ["experiments/deep.yaml"]),
    (["plan", "experiments/"], ["experiments/deep.yaml"]),
    (["chat", "results/tea", ""], ["lisa", "oscar"]),
    (["ask", "results", "li"], ["lisa"]),
    (["show", "--person", "o"], ["oscar"]),
    (["branch", "results/tea", "--to", "li"], ["lisa"]),
    (["persona", "show", "her"], ["hermine"]),
    (["persona", "validate", "osc"], ["oscar"]),
    (["compare", "results/tea", "--measure", ""], ["drink.cup", "drink.why"]),
    (["compare", "--fail-on-regression", "drink.c"], ["drink.cup:-", "drink.cup=tea:-", "drink.cup=coffee:-"]),
    (["run", "x.yaml", "--fail-on-regression", "drink.cup=t"], ["drink.cup=tea:-"]),
    (["export", "--measure", "drink.w"], ["drink.why"]),
    (["compare", "x.yaml", "--by", "o"], ["options"]),
    (["report", "res"], ["results", "results/tea"]),
    (["report", "--format", "m"], ["markdown", "methods"]),
    (["init", "--template", "f"], ["focus-group"]),
    (["model", "pull", "smol"], ["smollm2-135m"]),
    (["run", "x.yaml", "--model", "local/smol"], ["local/smollm2-135m"]),
    (["explain", "E104"], ["E104"]),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    with FakeProvider() as fake:
        made = Project(tmp_path_factory.mktemp("shells"), fake.url)
        assert made.run().code == 0
    made.write("experiments/deep.yaml", EXPERIMENT)
    made.write("experiments/notes.yaml", "not: an experiment\n")
    made.write("personas/hermine.yaml", "name: Hermine\n")
    return made


def asked(project: Project, monkeypatch: pytest.MonkeyPatch, shell: str, typed: list[str]) -> Finished:
    """Ask as a shell does that has split the line at spaces."""
    line = " ".join(shlex.quote(word) if word else "" for word in ["troupe", *typed])
    for name, value in {
        "_TROUPE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": "\n".join(["troupe", *typed]) if shell == "bash" else "",
        "COMP_CWORD": str(len(typed)),
        "_TYPER_COMPLETE_ARGS": "" if shell == "bash" else line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }.items():
        monkeypatch.setenv(name, value)
    return project.troupe()


@pytest.mark.parametrize(("typed", "offered"), TABLE)
def test_bash_and_fish_are_given_the_words(
    project: Project, monkeypatch: pytest.MonkeyPatch, typed: list[str], offered: list[str]
) -> None:
    in_fish = asked(project, monkeypatch, "fish", typed)
    assert [line.partition("\t")[0] for line in in_fish.out.splitlines()] == offered
    in_bash = asked(project, monkeypatch, "bash", typed)
    kept = typed[-1][: max(typed[-1].rfind("="), typed[-1].rfind(":")) + 1]
    assert in_bash.out.splitlines() == [word.removeprefix(kept) for word in offered]
    assert (in_bash.err, in_fish.err, in_bash.code, in_fish.code) == ("", "", 0, 0)


@pytest.mark.parametrize(("typed", "offered"), TABLE)
def test_zsh_is_given_the_words(
    project: Project, monkeypatch: pytest.MonkeyPatch, typed: list[str], offered: list[str]
) -> None:
    ended = asked(project, monkeypatch, "zsh", typed)
    assert ended.out.startswith("_arguments '*: :((")
    words = [line.replace("_arguments '*: :((", "").split('"')[1] for line in ended.out.splitlines()]
    assert [word.replace("\\\\:", ":") for word in words] == offered
    assert (ended.err, ended.code) == ("", 0)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_where_nothing_is_known_the_shell_offers_files(
    project: Project, monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    ended = asked(project, monkeypatch, shell, ["run", "x.yaml", "--junit", "o"])
    assert ended.out.strip() == ("_files" if shell == "zsh" else "")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "is-args")
    assert shell != "fish" or project.troupe().code == 1


def bash(project: Project, script: str) -> str:
    """Run a script in bash, in which `troupe` is this checkout's and its completion is loaded."""
    loaded = subprocess.run(
        [sys.executable, "-m", "tinytroupe_cli"],
        cwd=project.folder, env={**os.environ, "_TROUPE_COMPLETE": "source_bash"},
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    command = f'troupe() {{ {shlex.quote(sys.executable)} -m tinytroupe_cli "$@"; }}; export -f troupe'
    program = project.write("bin/troupe", f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tinytroupe_cli "$@"\n')
    program.chmod(0o755)
    env = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{command}\n{loaded}\n{script}"],
        cwd=project.folder, env=env, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert not done.stderr
    return done.stdout


def test_bash_itself_completes_what_it_splits_at_equals_signs(project: Project) -> None:
    words = "(troupe compare --fail-on-regression drink.cup = t)"
    script = f'COMP_WORDS={words}; COMP_CWORD=5; _troupe_completion troupe; printf "%s\\n" "${{COMPREPLY[@]}}"'
    assert bash(project, script) == "tea:-\n"


def test_names_that_a_shell_could_take_for_code_are_not_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Project(tmp_path)
    for name in HOSTILE:
        other.write(f"personas/{name}.yaml", "name: X\n")
    other.write("personas/two words.yaml", "name: X\n")
    for shell in ("bash", "zsh", "fish"):
        said = asked(other, monkeypatch, shell, ["persona", "show", ""]).out
        assert "two" in said
        assert not [name for name in HOSTILE if name in said]
    asked(other, monkeypatch, "bash", ["persona", "show", "two"])
    script = 'COMP_WORDS=(troupe persona show two); COMP_CWORD=3; _troupe_completion troupe; echo "${COMPREPLY[0]}"'
    monkeypatch.delenv("_TROUPE_COMPLETE")
    assert bash(other, script) == "two\\ words\n"
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize("typed", [words for words, _ in TABLE])
def test_a_damaged_project_has_fewer_words_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: list[str]
) -> None:
    broken = Project(tmp_path, experiment="troupe: 1\nextract: {a: [\n")
    broken.write("config.ini", "no section\x00")
    broken.write("results/tea/one/manifest.json", "[" * 100_000)
    broken.write("results/tea/one/plan.json", '{"trials": [1, {"people": 7, "queries": [null]}]}')
    (tmp_path / "results" / "tea" / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "personas").symlink_to(tmp_path / "personas")
    ended = asked(broken, monkeypatch, "bash", typed)
    assert (ended.code, ended.err) == (0, "")


def test_completing_runs_no_code_imports_little_and_answers_at_once(project: Project) -> None:
    project.write("spy.py", "from pathlib import Path\nPath('imported').write_text('')\ndef look(): ...\n")
    project.write("tools.yaml", EXPERIMENT + "tools: [spy.look]\n")
    env = {
        **os.environ,
        "_TROUPE_COMPLETE": "complete_bash",
        "COMP_WORDS": "troupe\nrun\ntools.yaml\n--fail-on-regression\n",
        "COMP_CWORD": "4",
    }
    heavy = ("litellm", "numpy", "jinja2", "rich.progress", "tinytroupe_cli.spec", "tinytroupe_cli.plan")
    code = (
        "import sys\nfrom tinytroupe_cli.cli.app import main\ntry: main()\n"
        f"finally: print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    seconds: list[float] = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=project.folder,
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert "drink.cup:-" in done.stdout.split()
    assert done.stderr.strip() == "[]"
    assert not (project.folder / "imported").exists()
    assert min(seconds) < 0.4


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_fish_itself_completes(project: Project) -> None:
    loaded = subprocess.run(
        [sys.executable, "-m", "tinytroupe_cli"],
        env={**os.environ, "_TROUPE_COMPLETE": "source_fish"},
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    bash(project, "true")  # writes bin/troupe
    env = {**os.environ, "PATH": f"{project.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["fish", "--no-config", "-c", f'{loaded}\ncomplete -C "troupe chat results/tea li"'],
        cwd=project.folder, env=env, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["lisa\tLisa Carter"]
