"""CSV comes back as it went in, whatever people and models wrote."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.reports.csv_files import as_csv

CELLS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"))


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=6))
def test_any_text_survives(rows):
    text = as_csv(["a", "b"], rows).decode()
    [head, *read] = list(csv.reader(io.StringIO(text, newline="")))
    assert head == ["a", "b"]
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]


def test_what_is_no_text_is_written_plainly():
    assert (
        as_csv(["a", "b", "c", "d"], [[None, True, ["x", "é"], 1.5]])
        == 'a,b,c,d\r\n,true,"[""x"", ""é""]",1.5\r\n'.encode()
    )
