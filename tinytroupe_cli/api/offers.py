"""Suggests a model for each API key in the environment, with the cost of the experiment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from tinytroupe_cli.api.estimating import estimate_plan, money
from tinytroupe_cli.api.planning import Compiled, compile_file
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.models.offered import DEPLOYMENT, TITLES, OfferedModel, offered_model
from tinytroupe_cli.models.port import Frozen, ModelConfig
from tinytroupe_cli.models.preflight import keys_of
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.plan.types import Models, Plan, Trial
from tinytroupe_cli.preview.estimate.estimate import Money
from tinytroupe_cli.spec.roles import is_default

__all__ = ["Offer", "is_unconfigured", "offers", "offers_for_quickstart"]

QUICKSTART = Path("experiments", "quickstart.yaml")


class Offer(Frozen):
    """A provider whose key is set, and one of its models."""

    variable: str
    """The name of the variable that holds the key; never the key."""
    key: str
    """Name of the key: "an OpenAI key"."""
    model: str
    """The model as `--model` takes it."""
    priced_as: str = ""
    """The model whose price is used, if it is another."""
    usd: Money | None = None
    """Cost of the experiment, as a range; None: no experiment, or an unknown price."""
    experiment: str = ""
    """The experiment that was priced."""

    @property
    def line(self) -> str:
        """Return the offer as a line: the key, what to write, the cost."""
        return f"{self.key} is set: {self.use}"

    @property
    def use(self) -> str:
        """Return what to write, and the cost."""
        return f"--model {self.model}{self._price()}"

    def _price(self) -> str:
        if not self.experiment:
            return ""
        if self.usd is None:
            return ", at an unknown price"
        middle = (self.usd.low + self.usd.high) / 2
        by = f" if it is {self.priced_as}" if DEPLOYMENT in self.model else ""
        return f", about {money(Money(low=middle, high=middle))}{by}"


def is_unconfigured(compiled: Compiled) -> bool:
    """Return whether a plan's people are played by the model on this machine only because nothing else was named."""
    return is_default(compiled.origins["people"])


def offers(
    env: Mapping[str, str], plans: Sequence[Plan], *, today: dt.date, project_dir: Path, of: str = ""
) -> list[Offer]:
    """Return an offer for every provider whose key is set; the price covers all plans, `of` is their name."""
    prices = PriceTable()
    found: list[Offer] = []
    for provider, title in TITLES.items():
        variable = next((name for name in keys_of(provider) if env.get(name)), None)
        if variable is not None:
            model = offered_model(provider, prices, today)
            usd = _cost(plans, model, project_dir)
            named = of or ", ".join(plan.name for plan in plans)
            by = model.base_model or ""
            offer = Offer(variable=variable, key=title, model=model.use, priced_as=by, usd=usd, experiment=named)
            found.append(offer)
    return found


def offers_for_quickstart(env: Mapping[str, str], folder: Path, *, today: dt.date) -> list[Offer]:
    """Return offers priced for the folder's quickstart; without prices if none compiles."""
    if not (folder / QUICKSTART).is_file():
        return offers(env, (), today=today, project_dir=folder)
    try:
        plan = compile_file(folder / QUICKSTART, env=env, folder=folder, is_offline=True).plan
    except TroupeError:  # `troupe check` says what is wrong with it
        return offers(env, (), today=today, project_dir=folder)
    return offers(env, (plan,), today=today, project_dir=folder, of=QUICKSTART.as_posix())


def _cost(plans: Sequence[Plan], model: OfferedModel, project_dir: Path) -> Money | None:
    costs = [estimate_plan(_played_by(plan, model), project_dir).usd for plan in plans]
    known = [cost for cost in costs if cost is not None]
    if not known or len(known) < len(costs):
        return None
    return Money(low=sum(cost.low for cost in known), high=sum(cost.high for cost in known))


def _played_by(plan: Plan, model: OfferedModel) -> Plan:
    """Return the plan with one model in all roles, as `--model` would set it."""
    asked = {"name": model.use, "base_model": model.base_model, "api_base": None, "server": ""}

    def instead(use: ModelConfig) -> ModelConfig:
        return use.model_copy(update=asked)

    def replayed(trial: Trial) -> Trial:
        """Return the trial with its systems that are played like people."""
        systems = (
            system.model_copy(update={"model": instead(own.people)}) if system.model == own.people else system
            for system in trial.systems
        )
        return trial.model_copy(update={"systems": tuple(systems)})

    own = plan.models
    models = Models(
        people=instead(own.people),
        judge=instead(own.judge),
        author=instead(own.author),
        embeddings=own.embeddings,
    )
    return plan.model_copy(update={"models": models, "trials": tuple(map(replayed, plan.trials))})
