"""troupe population profile: what a population is like, and what stands out in it. Makes no model calls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinytroupe_cli.cli.cards import draw_table
from tinytroupe_cli.cli.options import Json
from tinytroupe_cli.cli.terminal import out, print_json, print_text
from tinytroupe_cli.cli.waiting import waiting
from tinytroupe_cli.core.number_format import count, number

if TYPE_CHECKING:
    from tinytroupe_cli.api.population_profiles import PopulationProfile

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Profile populations of simulated people.")
MAX_ROWS = 20
"""Pairs of fields that are shown; --json has all."""


@app.callback()
def population() -> None:
    """Profile populations of simulated people."""


@app.command()
def profile(
    source: Annotated[
        str, typer.Argument(help="A table, persona files (a pattern or folder), a population file, or a run's folder.")
    ],
    *,
    against: Annotated[
        str, typer.Option("--against", metavar="FILE", help="Margins in YAML, a population file, or a table of people.")
    ] = "",
    implausible: Annotated[
        list[str] | None,
        typer.Option(
            "--implausible",
            help="A condition that should hold for nobody, as in 'age < 16 and income > 0'; repeatable.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Random seed of the permutation tests.")] = 0,
    words: Annotated[
        bool, typer.Option("--words", help="Compare descriptions by their words, without a local embedding model.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show margins, associations, near copies and anything unusual. Makes no model calls."""
    from tinytroupe_cli.api.population_profiles import profile_people

    rules = implausible or ()
    with waiting("profiling", is_quiet=as_json):
        found = profile_people(source, Path.cwd(), against=against, rules=rules, seed=seed, by_words=words)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    print_text(out(), f"{count(found.n, 'person', 'people')} in {found.source}")
    for line in found.verdicts or ("nothing stands out",):
        print_text(out(), f"- {line}")
    _print_margins(found)
    _print_associations(found)
    _print_texts(found)


def _print_margins(found: PopulationProfile) -> None:
    rows: list[tuple[str, ...]] = []
    for attribute in found.attributes:
        figures = f"mean {number(attribute.mean)}, SD {number(attribute.sd or 0)}" if attribute.mean is not None else ""
        if attribute.p is not None and attribute.srmse is not None:
            figures = f"{figures}{'; ' if figures else ''}SRMSE {number(attribute.srmse)}, p {_p(attribute.p)}"
        rows.append(
            (
                attribute.attribute,
                "in words" if attribute.kind == "text" else "",
                f"{attribute.n} of {found.n}",
                "",
                "",
                figures,
            )
        )
        for level in attribute.levels:
            wanted = "" if level.wanted is None else f"{100 * level.wanted:.0f}%"
            interval = f"[{100 * level.low:.0f}, {100 * level.high:.0f}]"
            rows.append(("", level.level, f"{level.count}", f"{100 * level.share:.0f}% {interval}", wanted, ""))
    draw_table(out(), ("FIELD", "LEVEL", "PEOPLE", "SHARE", "WANTED", ""), rows)


def _print_associations(found: PopulationProfile) -> None:
    rows = [
        (
            " and ".join(association.attributes),
            association.kind.replace("_", " "),
            number(association.value),
            "" if association.wanted is None else number(association.wanted),
            _p(association.p_corrected),
        )
        for association in found.associations[:MAX_ROWS]
    ]
    if rows:
        draw_table(out(), ("PAIR", "FIGURE", "VALUE", "AGAINST", "P, CORRECTED"), rows)
    if len(found.associations) > MAX_ROWS:
        print_text(out(), f"{len(found.associations) - MAX_ROWS} more pairs with --json")


def _print_texts(found: PopulationProfile) -> None:
    texts = found.texts
    if texts is None:
        return
    by = "a local embedding model" if texts.by == "embeddings" else "shared words"
    copies = count(len(texts.near_copies), "near copy", "near copies")
    line = (
        f"Descriptions of {texts.n} people, compared by {by}: mean cosine {number(texts.mean_similarity)}, "
        f"{copies} (above 0.92), distinct-2 {number(texts.distinct_2)}, "
        f"Vendi score {number(texts.vendi)} of {texts.n}"
    )
    print_text(out(), line)
    for copy in texts.near_copies[:MAX_ROWS]:
        print_text(out(), f"  {' and '.join(copy.people)}: {number(copy.similarity)}")


def _p(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.3f}"  # noqa: PLR2004 - what is written below it
