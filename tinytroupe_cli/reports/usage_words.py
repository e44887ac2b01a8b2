"""What a run took and how to have it again, in words. What is unknown is called unknown."""

from __future__ import annotations

from collections.abc import Iterator

from tinytroupe_cli.reports.escaping import SafeMarkdown, plain
from tinytroupe_cli.reports.figures import count, dollars, duration
from tinytroupe_cli.reports.results import ModelSettings, Results
from tinytroupe_cli.reports.usage import ModelUsage


def usage_line(results: Results) -> str:
    """Return a sentence on calls, tokens, cost and time."""
    accounts = results.accounts
    if not accounts.models:
        return "What it took is not known: nothing was recorded."
    reused = f" ({accounts.reused:,} of them answered before and not paid for again)" if accounts.reused else ""
    cached = f" ({accounts.usage.cached:,} from the provider's cache)" if accounts.usage.cached else ""
    tokens = f"{accounts.usage.prompt:,} tokens read{cached}, {accounts.usage.completion:,} written"
    time = f", {duration(accounts.seconds)}" if accounts.seconds is not None else ""
    again = results.provenance.asked_again
    was = "was" if again == 1 else "were"
    retried = (
        f" {count(again, 'reply', 'replies')} that could not be used {was} asked for again (`--retry`)."
        if again
        else ""
    )
    return f"{count(accounts.calls, 'call')}{reused}, {tokens}; {_total(results)}{time}.{retried}"


def spending_table(results: Results) -> list[list[str]]:
    """Return a row per model; empty with a single one, whose figures the sentence gives."""
    models = results.accounts.models
    if len(models) < 2:  # noqa: PLR2004 - a table of one row says nothing new
        return []
    rows = [["model", "calls", "tokens read", "tokens written", "cost"]]
    return rows + [
        [one.model, f"{one.calls:,}", f"{one.usage.prompt:,}", f"{one.usage.completion:,}", _cost(one)]
        for one in models
    ]


def purpose_table(results: Results) -> list[list[str]]:
    """Return a row for each kind of call; empty where there is only one."""
    purposes = results.accounts.purposes
    if len(purposes) < 2:  # noqa: PLR2004 - a table of one row says nothing new
        return []
    rows = [["for", "calls", "cost"]]
    return rows + [
        [
            _PURPOSES.get(one.what, one.what),
            f"{one.calls:,}",
            "unknown" if one.usd is None else dollars(one.usd),
        ]
        for one in purposes
    ]


_PURPOSES = {
    "turn": "turns of people",
    "interview": "questions to people",
    "observe": "questions to the judge",
    "claim": "claims judged",
    "normalize": "sorting answers",
    "story": "telling the story",
    "person": "writing people",
    "consolidate": "memory",
    "quality": "quality checks",
    "guard": "turns asked again",
    "intervention": "interventions",
}


def reproduction(results: Results) -> Iterator[SafeMarkdown]:
    """Yield what another person needs for the same run."""
    seeds = f"{results.seed}, {count(results.replicates, 'replicate')}"
    yield SafeMarkdown(f"Seed: {seeds}")
    for role, model in results.models.items():
        yield SafeMarkdown(f"Model of the {role}: {_model(model)}")
    origin = results.provenance
    for note in origin.notes:
        yield plain(f"Note: {note}")
    if origin.versions:
        yield plain("Versions: " + ", ".join(f"{name} {version}" for name, version in origin.versions.items()))
    hashes = [f"{name} {value}" for name, value in origin.hashes.items() if value]
    if hashes:
        yield plain("Fingerprints: " + ", ".join(hashes))
    if origin.run:
        yield plain(f"Folder: {origin.run}")
    if origin.started:
        yield plain(f"Started: {origin.started}" + (f", ended: {origin.ended}" if origin.ended else ""))


def _total(results: Results) -> str:
    if results.accounts.is_local:
        return "on this machine, free"
    if results.usd is not None:
        return dollars(results.usd)
    known = [one.usd for one in results.accounts.models if one.usd is not None]
    return f"at least {dollars(sum(known))}, the rest is unknown" if known else "cost unknown"


def _cost(account: ModelUsage) -> str:
    if account.is_local:
        return "on this machine"
    return "unknown" if account.usd is None else dollars(account.usd)


def _model(model: ModelSettings) -> SafeMarkdown:
    settings = model.model_dump(exclude={"use"}, exclude_none=True)
    written = "".join(f", {name.replace('_', ' ')} {value}" for name, value in settings.items())
    return plain(f"{model.use}{written}")
