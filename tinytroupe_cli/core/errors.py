"""Every error of ours.

TroupeError
├── SpecError        the files are wrong: diagnostics with positions; nothing was spent
├── ModelError       a model could not do what it was asked
│   ├── Transient    can be retried: network, 5xx, timeout
│   │   └── RateLimited   the same, and the provider may say how long to wait
│   ├── Refused      a content filter or the model itself declined
│   ├── BadOutput    the reply did not have the requested shape, even after one repair
│   ├── Rejected     the provider rejected this request (too long, unsupported form)
│   ├── NotStored    no stored reply, and no call is allowed
│   └── Fatal        no later call can succeed: key, quota, model name
│       └── ProviderDown   every call failed for so long that no more are made
├── LimitReached     a limit of the run; what was done so far is kept and valid
├── RunError         a run folder or command that can't be used as asked
│   └── NothingToDo  no experiment or run was found or selected
└── EnvironmentProblem   the machine lacks something: a package, a model file, a key
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tinytroupe_cli.core.diagnostics import Diagnostic


class TroupeError(Exception):
    """An expected failure, with a message for the user and, if possible, a hint what to do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class SpecError(TroupeError):
    """One or more files have errors; carries all diagnostics."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(f"{len(diagnostics)} problem(s) in what was written")
        self.diagnostics = tuple(diagnostics)


class ModelError(TroupeError):
    """A model could not do what it was asked."""


class Transient(ModelError):
    """Can be retried: a network error, a 5xx, a timeout."""


class RateLimited(Transient):
    """The provider asks us to slow down."""

    def __init__(self, message: str, *, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after
        """Seconds the provider asked us to wait, if it said."""


class ProviderRefused(ModelError):
    """A content filter, or the model itself, declined to answer."""

    def __init__(self, message: str, *, hint: str = "", is_stored: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.is_stored = is_stored
        """The reply came from the run's store or the user's cache."""


class BadOutput(ModelError):
    """The reply did not have the requested shape, even after one repair."""

    def __init__(
        self, message: str, *, hint: str = "", text: str = "", is_cut_off: bool = False, is_stored: bool = False
    ) -> None:
        super().__init__(message, hint=hint)
        self.text = text
        """What the model said instead."""
        self.is_cut_off = is_cut_off
        """The reply ended at its token limit before it was complete."""
        self.is_stored = is_stored
        """The reply came from the run's store or the user's cache."""


RejectedKind = Literal["form", "parameter", "too_long", "generation", "other"]
"""The form of the answer; a parameter; longer than the context window; the server checked the shape itself and gave up;
unknown.
"""


class Rejected(ModelError):
    """The provider rejected this request: too long, or an unsupported parameter or form."""

    def __init__(
        self, message: str, *, hint: str = "", kind: RejectedKind = "other", parameters: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, hint=hint)
        self.kind: RejectedKind = kind
        self.parameters = parameters
        """Those the refusal names, by our names: seed, temperature, max_tokens, …"""

    @property
    def is_about_form(self) -> bool:
        """Return whether another way of asking for the shape may be taken."""
        return self.kind == "form"


class NotStored(ModelError):
    """There is no stored reply, and no call is allowed."""


class Fatal(ModelError):
    """No later call can succeed either: wrong key, no quota, unknown model."""


class ProviderDown(Fatal):
    """Every call failed, each after all its attempts: no more are made for now."""


class LimitReached(TroupeError):
    """A limit of the run was reached; nothing beyond it was spent."""


class RunError(TroupeError):
    """A run folder or a command that can't be used as asked."""


class NothingToDo(RunError):
    """No experiment, run or person was found or selected."""


class EnvironmentProblem(TroupeError):
    """The machine lacks something: a package, a model file, a key."""


WITHOUT_OFFLINE = "run the command once without --offline"
"""The hint of an error about an answer that is not stored."""
