"""Which part of the language a mapping was meant to be, and which keys that part has."""

from __future__ import annotations

import types
import typing
from typing import Any, cast

from pydantic import BaseModel

from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.spec.spec_model import SpecModel


def model_at(root: type[BaseModel], path: Path, value: Any) -> type[BaseModel] | None:
    """Return the model that the mapping at `path` was read as, judged by the keys it has."""
    candidates: set[type[BaseModel]] = {root}
    current = value
    for part in path:
        holders = [model for model in candidates if part in keys_of(model)]
        if holders:
            model = max(holders, key=lambda model: _overlap(model, current))
            candidates = _models_in(_annotation(model, str(part)))
        current = current[part]
    return max(sorted(candidates, key=lambda model: model.__name__), key=lambda m: _overlap(m, current), default=None)


def keys_of(model: type[BaseModel]) -> list[str]:
    """Return the keys a part of the language has, as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()]


def mapping(value: Any) -> dict[str, Any]:
    """Return a mapping as it is, and anything else as an empty one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _overlap(model: type[BaseModel], value: Any) -> int:
    return sum(key in mapping(value) for key in keys_of(model))


def _annotation(model: type[BaseModel], key: str) -> Any:
    return next(field.annotation for name, field in model.model_fields.items() if (field.alias or name) == key)


def _models_in(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, SpecModel):
        return {annotation}
    parts: tuple[Any, ...] = typing.get_args(annotation)
    if isinstance(annotation, types.UnionType) or parts:
        return {model for part in parts for model in _models_in(part)}
    return set()
