"""Which option is first: the sentence on the first two options of a choice or ranking.

The first two are known only from the answers, so p-values must be corrected for all pairs of options.
"""

from __future__ import annotations

from collections.abc import Sequence

from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.reports.leading_comparison import option_means
from tinytroupe_cli.reports.sentences import comparison_sentence, leading_options


def first_two_options(tested: Sequence[ComparisonResult]) -> str:
    """Return the sentence on the first two of all compared options; where they were not compared, on the first pair."""
    means = option_means(tested)
    is_share = tested[0].scale == "share"
    order = sorted(means, key=lambda option: -means[option] if is_share else means[option])
    first_two = order[:2]
    wanted = next(
        (comparison for comparison in tested if {label(option) for option in comparison.levels} == set(first_two)),
        tested[0],
    )
    is_shown = wanted.is_significant
    lead = "" if is_shown or not is_share else leading_options(order, means, tested[0])
    return f"{lead} {comparison_sentence(wanted)}".strip()
