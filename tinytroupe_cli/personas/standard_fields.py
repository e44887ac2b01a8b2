"""The common keys of a persona. Any other key is allowed.

They are used for spelling hints and for the order of new files.
"""

from __future__ import annotations

from typing import Final

STANDARD_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "": (
        "name",
        "age",
        "gender",
        "nationality",
        "residence",
        "education",
        "occupation",
        "personality",
        "preferences",
        "skills",
        "beliefs",
        "style",
        "behaviors",
        "long_term_goals",
        "relationships",
        "health",
        "other_facts",
    ),
    "occupation": ("title", "organization", "description"),
    "personality": ("traits", "big_five"),
    "personality.big_five": ("openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism"),
    "preferences": ("interests", "likes", "dislikes"),
}
"""Dotted path of a mapping -> its common keys."""
