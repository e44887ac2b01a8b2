"""Writes a new person as a short YAML file for editing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

import yaml
from pydantic import JsonValue

from tinytroupe_cli.core.ids import slug
from tinytroupe_cli.personas.rendering import is_empty
from tinytroupe_cli.personas.standard_fields import STANDARD_FIELDS

WIDTH: Final = 100
COMMENTS: Final = {
    "occupation": "what they do all day",
    "personality": "say it in sentences: models read them better than numbers",
    "preferences": "what draws them in and what puts them off",
    "beliefs": "what they hold to be true, about the world and about things for sale",
    "style": "how they talk",
    "behaviors": "habits; fragments add more kinds besides `general`",
    "other_facts": "money, politics, quirks: whatever your experiment may touch",
}
BLANK: Final[dict[str, str]] = {
    "age": "a number",
    "gender": "",
    "nationality": "",
    "residence": "town, and how they live there",
    "education": "",
    "occupation": "title, organization, description",
    "personality": "traits: a list; big_five: a sentence for each",
    "preferences": "interests, likes, dislikes: lists",
    "skills": "a list",
    "beliefs": "a list",
    "style": "how they talk",
    "behaviors": "general: a list of habits",
    "long_term_goals": "a list",
    "relationships": "a list of name and description",
    "health": "",
    "other_facts": "a list: money, politics, quirks",
}
TITLES: Final = ("dr", "mr", "mrs", "ms", "prof", "sir", "don", "dona", "doña")


def persona_yaml(fields: Mapping[str, JsonValue], *, heading: str) -> str:
    """Return a person's file: common fields in their usual order, then the others, with some comments."""
    known = [key for key in STANDARD_FIELDS[""] if not is_empty(fields.get(key))]
    others = [key for key in fields if key not in STANDARD_FIELDS[""] and not is_empty(fields[key])]
    blocks = [_comment(heading), "# Edit freely: only `name` is required, and any other field may be added."]
    for key in [*known, *others]:
        if key in COMMENTS:
            blocks.append(f"\n# {COMMENTS[key]}")
        blocks.append(
            yaml.dump({key: fields[key]}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH).rstrip("\n")
        )
    return "\n".join(blocks) + "\n"


def blank_yaml(name: str) -> str:
    """Return a template: every common field, empty, with a comment on what to write."""
    width = max(len(key) for key in BLANK) + 2
    rows = [f"{key + ':':<{width}}{'# ' + comment if comment else ''}".rstrip() for key, comment in BLANK.items()]
    nested = {"occupation", "personality", "preferences", "behaviors"}
    lines = [
        "# A person for your experiments. Fill in what matters; delete the rest, add any field you like.",
        yaml.dump({"name": name}, Dumper=_Dumper, allow_unicode=True, width=WIDTH).rstrip(),
    ]
    for row, key in zip(rows, BLANK, strict=True):
        lines.append(row)
        if key in nested:
            lines += [f"  {inner}:" for inner in (STANDARD_FIELDS.get(key) or ("general",)) if inner != "big_five"]
    return "\n".join(lines) + "\n"


def file_stem(name: str) -> str:
    """Return the file name of a person: their first name, in ASCII letters if it has any."""
    words = [word for word in name.split() if word.lower().rstrip(".") not in TITLES] or [name]
    plain = slug(words[0])
    return plain if plain != "x" else _own_characters(words[0])


def _own_characters(word: str) -> str:
    composed = unicodedata.normalize("NFC", word).lower()
    return re.sub(r"[^\w]+", "-", composed).strip("-_") or "person"


def _comment(text: str) -> str:
    """Return a comment that no text in it can end."""
    lines = ("".join(character for character in line if character.isprintable()) for line in text.splitlines())
    return "\n".join(f"# {line.strip()}" for line in lines if line.strip())


class _Dumper(yaml.SafeDumper):
    """Block style; text that another YAML version might take for a number, a date or a new line is quoted."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's
        super().increase_indent(flow, indentless=False)


def _write_text(_dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    is_plain = text[:1].isalpha() and text.replace("\n", "").isprintable()
    style = None if is_plain else '"'
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _write_text)
