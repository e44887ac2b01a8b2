"""Named Likert items: the labels of their points, from lowest to highest."""

from __future__ import annotations

LIKERT: dict[str, tuple[str, ...]] = {
    "agreement": ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"),
    "concern": (
        "Not at all concerned",
        "Slightly concerned",
        "Moderately concerned",
        "Very concerned",
        "Extremely concerned",
    ),
    "ease": ("Very difficult", "Difficult", "Neither easy nor difficult", "Easy", "Very easy"),
    "familiarity": (
        "Not at all familiar",
        "Slightly familiar",
        "Moderately familiar",
        "Very familiar",
        "Extremely familiar",
    ),
    "frequency": ("Never", "Rarely", "Sometimes", "Often", "Always"),
    "importance": (
        "Not at all important",
        "Slightly important",
        "Moderately important",
        "Very important",
        "Extremely important",
    ),
    "interest": (
        "Not at all interested",
        "Slightly interested",
        "Moderately interested",
        "Very interested",
        "Extremely interested",
    ),
    "likelihood": ("Very unlikely", "Unlikely", "Neither likely nor unlikely", "Likely", "Very likely"),
    "purchase_intent": (
        "Definitely would not buy",
        "Probably would not buy",
        "Might or might not buy",
        "Probably would buy",
        "Definitely would buy",
    ),
    "quality": ("Very poor", "Poor", "Acceptable", "Good", "Very good"),
    "satisfaction": (
        "Very dissatisfied",
        "Dissatisfied",
        "Neither satisfied nor dissatisfied",
        "Satisfied",
        "Very satisfied",
    ),
    "trust": ("No trust at all", "Little trust", "Some trust", "Much trust", "Complete trust"),
}
