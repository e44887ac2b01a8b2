"""A small town to draw people from, and a provider that writes them as it is asked to."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import yaml
from projects import Project
from provider import answer_for, schema_of

TOWN = """\
troupe-population: 1
name: town
context: People of a small town with one bakery.
attributes:
  age: {uniform: {min: 18, max: 77}}
  gender: {female: 0.5, male: 0.5}
  area: {north: 0.3, south: 0.7}
also: [personality, beliefs]
"""
SURVEY = """\
troupe: 1
name: survey
seed: 3
personas:
  - {population: town, size: 10}
world: {type: interviews, acts: when_stimulated}
extract:
  - name: bread
    of: each person
    how: interview
    question: "{{ person.name }}, do you buy bread in the {{ person.area }}?"
    fields: {buys: yes_no}
"""


def is_author(body):
    return "You invent people" in str(body["messages"][0]["content"])


def somebody(body, **changes):
    """Answer as an author who does what it is asked, and the fake's own answer to all else."""
    if not is_author(body):
        return answer_for(body)
    own = body["messages"][-1]["content"]
    first, last = re.search(r"Letters of the name: (.)\. (.)\.", own).groups()
    fields = [key for key in schema_of(body)["properties"] if key != "name"]
    said = {"name": f"{first}ora {last}eith"} | {key: words(own + key) for key in fields}
    return json.dumps(said | changes)


def words(seed: str) -> str:
    """Eight words that nobody else says."""
    digest = hashlib.blake2b(seed.encode(), digest_size=24).hexdigest()
    letters = digest.translate(str.maketrans("0123456789", "ghijklmnop"))
    return " ".join(letters[at : at + 6] for at in range(0, 48, 6))


def a_town(folder: Path, url: str, experiment: str = SURVEY) -> Project:
    project = Project(folder, url, experiment)
    project.write("populations/town.yaml", TOWN)
    return project


def people_of(project: Project, population: str = "town"):
    files = sorted((project.folder / "personas").glob(f"{population}/*/*.yaml"))
    return [yaml.safe_load(file.read_text()) for file in files]
