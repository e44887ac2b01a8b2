"""The random seed of a call: which calls share one, and which must not."""

from __future__ import annotations

from itertools import product
from math import sqrt
from statistics import fmean

from stacks import a_request

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.models.identity import identity
from tinytroupe_cli.models.port import ModelConfig, Purpose, Request, SampleKey

USE = ModelConfig(name="openai/x")


def a_call(*, seed: int = 1, sample: int = 0, **why: object) -> Request:
    purpose = Purpose.model_validate({"role": "people", "kind": "turn", "person": "lisa", "step": 1, **why})
    return a_request(USE).model_copy(update={"salt": SampleKey(seed=seed, sample=sample), "purpose": purpose})


def test_the_seed_differs_by_replicate_sample_person_step_and_purpose() -> None:
    calls = [
        a_call(),
        a_call(seed=2),
        a_call(sample=1),
        a_call(person="oscar"),
        a_call(step=2),
        a_call(kind="interview"),
        a_call(role="judge"),
    ]
    assert len({call.seed for call in calls}) == len(calls)
    assert len({identity(call) for call in calls}) == len(calls)
    assert all(0 <= call.seed < 2**31 for call in calls)


def test_a_condition_changes_neither_seed_nor_identity() -> None:
    calls = [a_call(trial="price=9/1"), a_call(trial="price=12/1")]
    assert len({call.seed for call in calls}) == 1
    assert len({identity(call) for call in calls}) == 1


def test_another_text_meets_the_same_seed() -> None:
    call = a_call()
    longer = call.model_copy(update={"messages": (*call.messages, *call.messages)})
    assert longer.seed == call.seed
    assert identity(longer) != identity(call)


def test_a_vector_depends_on_nothing_but_its_text() -> None:
    calls = [a_call(person=person).model_copy(update={"form": "vector"}) for person in ("lisa", "oscar")]
    assert len({identity(call) for call in calls}) == 1


def noise(call: Request) -> float:
    """What a model that listens to its seed alone would answer."""
    return Stream(call.seed, "a model's answer").fraction()


def correlation(pairs: list[tuple[float, float]]) -> float:
    xs, ys = zip(*pairs, strict=True)
    x, y = fmean(xs), fmean(ys)
    spread = sqrt(sum((a - x) ** 2 for a in xs) * sum((b - y) ** 2 for b in ys))
    return sum((a - x) * (b - y) for a, b in pairs) / spread


def test_people_and_replicates_share_no_noise_and_conditions_share_all_of_it() -> None:
    """2,000 pairs of each kind: the standard error of a correlation of 0 is 0.022."""
    points = list(product(range(200), range(1, 11)))
    people = [(noise(a_call(seed=s, step=t)), noise(a_call(seed=s, step=t, person="oscar"))) for s, t in points]
    replicates = [(noise(a_call(seed=s, step=t)), noise(a_call(seed=s + 1000, step=t))) for s, t in points]
    steps = [(noise(a_call(seed=s, step=t)), noise(a_call(seed=s, step=t + 1))) for s, t in points]
    conditions = [
        (noise(a_call(seed=s, step=t, trial="a")), noise(a_call(seed=s, step=t, trial="b"))) for s, t in points
    ]
    assert abs(correlation(people)) < 0.05
    assert abs(correlation(replicates)) < 0.05
    assert abs(correlation(steps)) < 0.05
    assert correlation(conditions) > 0.999
