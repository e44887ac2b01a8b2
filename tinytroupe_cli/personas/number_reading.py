"""Parses distributions of numbers, such as {normal: {mean: 45, sd: 15}} or {min: 18, max: 65}."""

from __future__ import annotations

from typing import Any, Final, Protocol, cast

from tinytroupe_cli.core.diagnostics import did_you_mean, meant_keys
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.personas.distributions import LogNormal, Normal, Plain, Rounding, Uniform

TOLERANCE: Final = 0.011
"""Tolerance of a sum of shares, as they are often rounded to two digits."""
KINDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "normal": (("mean", "sd"), ("min", "max", "decimals")),
    "lognormal": (("median", "sigma"), ("min", "max", "decimals")),
    "uniform": (("min", "max"), ("decimals",)),
    "bands": ((), ()),
}
"""Kind -> its required and its optional keys."""
MAX_NUMBER: Final = 1e15
_PARAMETERS: Final = {
    **dict.fromkeys(("min", "from", "low", "minimum", "at_least", "least", "start"), "min"),
    **dict.fromkeys(("max", "to", "high", "maximum", "at_most", "most", "end"), "max"),
    **dict.fromkeys(("mean", "average", "avg", "mu"), "mean"),
    **dict.fromkeys(("sd", "std", "stdev", "std_dev", "standard_deviation", "spread"), "sd"),
    "median": "median",
    "sigma": "sigma",
    "decimals": "decimals",
}
"""Synonyms of parameters -> our name."""
_KIND_NAMES: Final = {"between": "uniform", "range": "uniform", "gaussian": "normal"}
_PAIRS: Final = {
    "uniform": ("min", "max"),
    "between": ("min", "max"),
    "range": ("min", "max"),
    "normal": ("mean", "sd"),
}


class ReportProblem(Protocol):
    """Receives errors."""

    def __call__(
        self, code: str, message: str, path: Path, *, hint: str = "", key: bool = False, warn: bool = False
    ) -> None:
        """Record an error; `warn`: it is only a warning."""
        ...


class NumberReader:
    """Parses distributions of numbers; every error goes to `refuse`."""

    def __init__(self, refuse: ReportProblem) -> None:
        self._refuse = refuse

    def parameters(self, value: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """Return kind and parameters if the keys are parameters of numbers, not labels: {min: 18, max: 65}."""
        names = {key: _PARAMETERS.get(key.strip().lower(), "") for key in value}
        if not all(names.values()) or not all(is_number(number) for number in value.values()):
            return None
        total = sum(value.values())
        if set(value) <= {"low", "high"} and abs(total - 1) <= TOLERANCE:
            return None  # labels with their shares
        inner = {names[key]: number for key, number in value.items()}
        if "mean" in inner and "sd" not in inner and "sigma" in inner:
            inner["sd"] = inner.pop("sigma")
        kinds = [kind for kind, (needed, _) in KINDS.items() if needed and set(needed) <= set(inner)]
        if kinds:
            return ("normal" if "normal" in kinds else kinds[0]), inner
        if abs(total - 1) <= TOLERANCE or abs(total - 100) <= 100 * TOLERANCE:
            return None
        begun = (kind for kind, (needed, _) in KINDS.items() if set(needed) & set(inner))
        return next(((kind, inner) for kind in begun), None)

    def number(self, kind: str, value: dict[str, Any], path: Path) -> Plain | None:
        """Parse the parameters of one kind."""
        needed, allowed = KINDS[kind]
        known = (*needed, *allowed)
        is_sound = True
        for key, number in value.items():
            if key not in known:
                hint = did_you_mean(key, known, label="keys")
                self._refuse("E104", f"unknown key '{key}'", (*path, key), hint=hint, key=True)
                is_sound = False
            elif not is_number(number):
                self._refuse("E106", f"'{key}' expects a number", (*path, key))
                is_sound = False
            elif not abs(number) <= MAX_NUMBER:
                self._refuse("E107", f"'{key}' is too large: the maximum is {MAX_NUMBER:.0e}", (*path, key))
                is_sound = False
        missing = [key for key in needed if key not in value]
        is_sound = is_sound and not missing
        for key in missing:
            if key not in meant_keys(value, known):
                self._refuse("E105", f"'{key}' is missing from '{kind}'", path, hint=f"keys: {', '.join(known)}")
        return self._made(kind, value, path) if is_sound else None

    def _made(self, kind: str, value: dict[str, Any], path: Path) -> Plain | None:
        low, high = (None if value.get(key) is None else float(value[key]) for key in ("min", "max"))
        spread = value.get("sd", value.get("sigma", 1))
        decimals = value.get("decimals", 0)
        if not spread > 0:
            self._refuse("E107", f"the spread must be more than 0; it is {spread}", path)
        elif kind == "lognormal" and not value["median"] > 0:
            self._refuse("E107", "the median must be more than 0", (*path, "median"))
        elif low is not None and high is not None and low >= high:
            self._refuse("E107", f"'min' must be below 'max'; it is {low:g}", (*path, "min"))
        elif not isinstance(decimals, int) or not 0 <= decimals <= 6:  # noqa: PLR2004 - enough for anybody
            self._refuse("E107", "'decimals' expects a whole number from 0 to 6", (*path, "decimals"))
        elif kind == "normal" and not _overlaps(value, low, high):
            self._refuse("E107", "'min' and 'max' exclude nearly all of this distribution", path)
        else:
            rounding = Rounding(low, high, decimals)
            if kind == "normal":
                return Normal(float(value["mean"]), float(value["sd"]), rounding)
            if kind == "lognormal":
                return LogNormal(float(value["median"]), float(value["sigma"]), rounding)
            return Uniform(float(value["min"]), float(value["max"]), rounding)
        return None


def in_our_words(value: dict[str, Any]) -> dict[str, Any]:
    """Return kinds and parameters under our names: {between: [18, 65]} -> {uniform: {min: 18, max: 65}}."""
    return {_KIND_NAMES.get(key, key): _with_names(key, inner) for key, inner in value.items()}


def is_number(value: Any) -> bool:
    """Return whether a value is a number; true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _with_names(key: str, value: Any) -> Any:
    names = _PAIRS.get(key.strip().lower())
    if names is None or not isinstance(value, list):
        return value  # pyright: ignore[reportUnknownVariableType] - YAML
    numbers = cast("list[Any]", value)
    return dict(zip(names, numbers, strict=True)) if len(numbers) == len(names) else numbers


def _overlaps(value: dict[str, Any], low: float | None, high: float | None) -> bool:
    reach = 6 * value["sd"]
    return (low is None or low < value["mean"] + reach) and (high is None or high > value["mean"] - reach)
