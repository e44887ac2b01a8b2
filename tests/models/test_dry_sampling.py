import pytest

from tinytroupe_cli.models import dry_sampling
from tinytroupe_cli.models.identity import identity
from tinytroupe_cli.models.local_provider import request_body
from tinytroupe_cli.models.port import Message, ModelConfig, Purpose, Request


def asked(strictness=0):
    return Request(
        model=ModelConfig(name="local/small"),
        messages=(Message(role="user", content="Hello."),),
        unlike_before=strictness,
        purpose=Purpose(role="people"),
    )


def test_an_answer_sampled_with_other_settings_is_another_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    first, again = identity(asked()), identity(asked(1))
    monkeypatch.setattr(dry_sampling, "ALLOWED_LENGTHS", (4, 2))
    assert identity(asked(1)) != again
    assert identity(asked()) == first


def test_a_stricter_try_leaves_shorter_sequences_free() -> None:
    lengths = [dry_sampling.dry_settings(strictness)["dry_allowed_length"] for strictness in (1, 2, 3)]
    assert lengths == [5, 3, 3]
    assert request_body(asked(2))["dry_allowed_length"] == 3
    assert "dry_multiplier" not in request_body(asked())
