"""A person's turn: what they think, say and do, until nothing they did has to be answered first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tinytroupe_cli.events.types import Event, Perceived
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.situation import EVERYONE, AvailableAction, Situation, Turn
from tinytroupe_cli.simulation.abilities import ActionCall, ActionProvider, ActionResult, TurnContext
from tinytroupe_cli.simulation.actions import Delivered, TurnOutcome, failed, outcome_of, perceived
from tinytroupe_cli.simulation.environment import Environment
from tinytroupe_cli.simulation.ports import Ports
from tinytroupe_cli.simulation.state import apply

MAX_ANSWERS = 3
"""Actions of one turn that are answered within it."""


async def take_turn(moment: TurnContext, environment: Environment, ports: Ports) -> TurnOutcome:
    """Ask a person to act; once more after each act that had to be answered."""
    own_events: list[Event] = []
    deliveries: list[Delivered] = []
    own_words: tuple[str, ...] = ()
    known: set[tuple[str, ...]] = set()
    for count in range(MAX_ANSWERS + 1):
        offers = _offers(moment, ports, is_last=count == MAX_ANSWERS)
        situation = _situation(moment, environment, ports, tuple(offer.ability for offer in offers), own_words)
        turn = _without_echo(await ports.minds[moment.person].act(moment.past, situation), situation)
        outcome = outcome_of(turn, moment.person, situation, moment.stamp)
        advanced = _advanced(replace(moment, situation=situation, count=count), outcome.own_events, environment)
        result = ActionResult() if isinstance(turn, NoAnswer) else await _perform(turn, advanced, offers, ports)
        own_events += (*outcome.own_events, *result.events)
        deliveries += (*outcome.deliveries, *result.deliveries)
        if isinstance(turn, NoAnswer) or not result.continues_turn:
            break
        found = (turn.action, *_feedback(result))
        if found in known:
            break  # the same act with the same answer again: asked once more, they would go in circles
        known.add(found)
        own_words += (turn.words,) * bool(turn.words)
        moment = replace(_advanced(advanced, result.events, environment), situation=None)
    return TurnOutcome(tuple(own_events), tuple(deliveries))


@dataclass(frozen=True, slots=True)
class _OfferedAction:
    ability: AvailableAction
    by: ActionProvider


def _offers(moment: TurnContext, ports: Ports, *, is_last: bool) -> list[_OfferedAction]:
    """Return what the person can do; the last time round, only what needs no answer."""
    offered = [_OfferedAction(ability, by) for by in ports.abilities for ability in by.offered(moment)]
    return [offer for offer in offered if not (is_last and offer.ability.has_feedback)]


def _feedback(result: ActionResult) -> Iterator[str]:
    """Yield what answered a person."""
    yield from (event.text for event in result.events if isinstance(event, Perceived))


def _without_echo(turn: Turn | NoAnswer, situation: Situation) -> Turn | NoAnswer:
    """Leave out words they have said in this turn: nobody says them once more for having looked something up."""
    is_echo = isinstance(turn, Turn) and turn.words.casefold() in {words.casefold() for words in situation.own_words}
    return replace(turn, words="", to="", unknown_addressee="") if is_echo else turn


def _situation(
    moment: TurnContext,
    environment: Environment,
    ports: Ports,
    abilities: tuple[AvailableAction, ...],
    own_words: tuple[str, ...],
) -> Situation:
    names = {member.id: member.name for member in environment.trial.people}
    state, step = moment.state, moment.stamp.step
    own = {system.name for system in environment.trial.systems}
    return Situation(
        step=step,
        time=environment.time(step),
        place=state.place,
        unit=environment.trial.world.step_length.unit,
        occasion=environment.trial.world.name,
        people=tuple((other, names[other]) for other in environment.reachable_from(moment.person, moment.world)),
        ties=moment.world.ties.get(moment.person, {}),
        outside_speakers=tuple(voice for voice in state.outside_speakers if voice not in own),
        systems=tuple(ports.systems.reachable(moment)) if ports.systems else (),
        abilities=abilities,
        feeling=state.feeling,
        goal=state.goal,
        attention=state.attention,
        context=state.context,
        own_words=own_words,
    )


def _advanced(moment: TurnContext, events: tuple[Event, ...], environment: Environment) -> TurnContext:
    """Return the same turn after what has just happened to the person."""
    state = moment.state
    for event in events:
        state = apply(state, event, moment.person, environment.cast)
    return replace(moment, past=(*moment.past, *events), state=state)


async def _perform(turn: Turn, moment: TurnContext, offers: list[_OfferedAction], ports: Ports) -> ActionResult:
    """Do what was decided: first what was said to a system, then the act."""
    situation = moment.situation
    parts: list[ActionResult] = []
    if ports.systems is not None and situation is not None and turn.words:
        addressed = [name for name in situation.systems if turn.to in (name, EVERYONE)]
        parts += [await ports.systems.send(name, turn.words, moment) for name in addressed]
    offer = next((offer for offer in offers if offer.ability.name == turn.action), None)
    if offer is not None:
        parts.append(await _do(offer, turn.argument, moment, ports))
    return ActionResult(
        tuple(event for part in parts for event in part.events),
        tuple(event for part in parts for event in part.deliveries),
        continues_turn=any(part.continues_turn for part in parts),
    )


async def _do(offer: _OfferedAction, argument: str, moment: TurnContext, ports: Ports) -> ActionResult:
    ability, situation = offer.ability, moment.situation
    if ability.form is None or situation is None:
        return await offer.by.perform(ActionCall(ability.name, argument), moment)
    filled = await ports.minds[moment.person].fill_in(moment.past, situation, ability, argument)
    if isinstance(filled, NoAnswer):
        text = f"Nothing came of {ability.name}."
        word = perceived(moment.stamp, people=(moment.person,), sense="feedback", to=moment.person, text=text)
        return ActionResult((failed(filled, moment.person, moment.stamp, action=ability.name), word))
    return await offer.by.perform(ActionCall(ability.name, argument, filled.values), moment)
