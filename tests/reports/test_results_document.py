import json
import re
from pathlib import Path

import pytest
from snapshots import assert_snapshot

from tinytroupe_cli.reports.results import Results

PAGE = (Path(__file__).parents[2] / "docs" / "results.md").read_text()


def keys(schema):
    """Every key of the document, wherever it stands."""
    found = set(schema.get("properties", {}))
    for part in schema.get("$defs", {}).values():
        found |= set(part.get("properties", {}))
    return found


@pytest.mark.parametrize("key", sorted(keys(Results.model_json_schema())))
def test_every_key_of_results_is_documented(key):
    assert re.search(rf"`{key}`", PAGE), f"docs/results.md does not explain `{key}`"


def test_the_schema_changes_only_on_purpose():
    text = json.dumps(Results.model_json_schema(), indent=1, ensure_ascii=False, sort_keys=True)
    assert_snapshot(text + "\n", "reports/results.schema.json")
