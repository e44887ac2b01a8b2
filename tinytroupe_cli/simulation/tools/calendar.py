"""The calendar: CREATE_EVENT, LIST_EVENTS, FIND_EVENTS, invitations, and reminders when simulated time comes.

Whose calendar holds what is a fold of the events in their past; nothing is kept here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.types import AppointmentScheduled, Event, Perceived
from tinytroupe_cli.minds.passage_index import content_words
from tinytroupe_cli.minds.situation import AvailableAction
from tinytroupe_cli.models.port import AnswerSchema
from tinytroupe_cli.plan.types import PlannedTool, Trial
from tinytroupe_cli.simulation.abilities import ActionCall, ActionResult, TurnContext
from tinytroupe_cli.simulation.action_arguments import clean_argument
from tinytroupe_cli.simulation.actions import perceived
from tinytroupe_cli.simulation.tools.dates import AmbiguousDate, format_datetime, read_date, read_time, spoken_day
from tinytroupe_cli.simulation.tools.tool_use import ToolUse, owners, record_use, refuse_use

CREATE: Final = Action.CREATE_EVENT
LIST: Final = Action.LIST_EVENTS
FIND: Final = Action.FIND_EVENTS
TOOL: Final = "calendar"
USUAL_MINUTES: Final = 60
MAX_MINUTES: Final = 14 * 24 * 60
FORM: Final = AnswerSchema.flat(
    "event",
    {
        "title": {"type": "string"},
        "date": {"type": "string", "description": "YYYY-MM-DD"},
        "time": {"type": "string", "description": "HH:MM"},
        "minutes": {"type": "integer", "description": "How long it takes"},
        "people": {"type": "array", "items": {"type": "string"}, "description": "Names of others it is for"},
    },
)
ABILITIES: Final = (
    AvailableAction(
        CREATE,
        "put an event into your calendar, and others' whom it is for; argument: its title",
        form=FORM,
        has_feedback=True,
    ),
    AvailableAction(LIST, "look into your calendar; argument: a day, if you mean one", has_feedback=True),
    AvailableAction(FIND, "search your calendar; argument: words of the event", has_feedback=True),
)


_EVERYONE = re.compile(r"(all|everyone|everybody)\b")


@dataclass(frozen=True, slots=True)
class _Guests:
    """Whom an event is for besides its maker."""

    people: tuple[str, ...]
    """Ids."""
    unknown: str = ""
    """Who else was named, in a sentence."""


@dataclass(frozen=True)
class Calendar:
    """What the people of a trial can do with it."""

    owners: Mapping[str, PlannedTool]
    names: Mapping[str, str]
    """Person id -> full name, of the whole cast."""

    def offered(self, moment: TurnContext) -> Sequence[AvailableAction]:
        """Return its acts to its owners."""
        return ABILITIES if moment.person in self.owners else ()

    async def perform(self, call: ActionCall, moment: TurnContext) -> ActionResult:
        """Do it; what can't be made out of an event is told, and the person is asked again."""
        if moment.person not in self.owners:
            return refuse_use(TOOL, call, moment)
        if call.name == CREATE:
            return self._created(call, moment)
        given = clean_argument(call.argument)
        arguments: dict[str, JsonValue] = {"date" if call.name == LIST else "words": given}
        text = self._listed(given, moment) if call.name == LIST else self._found(given, moment)
        return record_use(ToolUse(TOOL, call, text, arguments), moment, continues_turn=True)

    def due(self, moment: TurnContext, before: str) -> Sequence[Perceived]:
        """Return reminders whose time came after the last step."""
        tool = self.owners.get(moment.person)
        if tool is None:
            return ()
        now = datetime.fromisoformat(moment.stamp.time)
        last = datetime.fromisoformat(before) if before else now
        early = timedelta(minutes=tool.remind)
        found: list[Perceived] = []
        for event in events_of(moment.person, moment.past):
            trigger = datetime.fromisoformat(event.start) - early
            is_new = event.step == moment.stamp.step - 1  # nobody could be reminded of it before
            if trigger <= now and (is_new or trigger > last) and event.step < moment.stamp.step:
                text = self._reminder(event, moment.person, now)
                found.append(
                    perceived(
                        moment.stamp,
                        people=(moment.person,),
                        sense="reminder",
                        source=TOOL,
                        to=moment.person,
                        text=text,
                    )
                )
        return found

    def _created(self, call: ActionCall, moment: TurnContext) -> ActionResult:
        given = dict(call.arguments or {})
        try:
            own, guests = self._read(given, moment)
        except AmbiguousDate as unclear:
            use = ToolUse(TOOL, call, f"Nothing was put into your calendar: {unclear}", given, is_ok=False)
            return record_use(use, moment, continues_turn=True)
        clashes = [event.title for event in events_of(moment.person, moment.past) if _overlap(event, own)]
        overlap = f" It overlaps with {', '.join(clashes)}." if clashes else ""
        missing = f" {guests.unknown}" if guests.unknown else ""
        use = ToolUse(TOOL, call, f"In your calendar: {self._line(own, moment.person)}.{overlap}{missing}", given)
        having = tuple(other for other in guests.people if other in self.owners)
        delivered = [own.model_copy(update={"people": having})] if having else []
        words = [self._invitation(own, other, moment) for other in guests.people]
        return record_use(use, moment, besides=(own,), deliveries=(*delivered, *words), continues_turn=False)

    def _read(self, given: Mapping[str, JsonValue], moment: TurnContext) -> tuple[AppointmentScheduled, _Guests]:
        """Return the event that is meant, and who else it is for; raises `Unclear`."""
        stamp, person = moment.stamp, moment.person
        now = datetime.fromisoformat(stamp.time)
        day = read_date(str(given.get("date") or ""), now.date())
        start = datetime.combine(day, read_time(str(given.get("time") or "")))
        if start < now:
            tomorrow = (now + timedelta(days=1)).date()
            raise AmbiguousDate(
                f"{format_datetime(start)} is past: it is {format_datetime(now)} now. "
                f"Tomorrow is {tomorrow.isoformat()}."
            )
        guests = self._guests(given.get("people"), moment)
        event = AppointmentScheduled(
            trial=stamp.trial,
            step=stamp.step,
            time=stamp.time,
            person=person,
            people=(person,),
            attendees=tuple(other for other in self.names if other == person or other in guests.people),
            title=_title(given.get("title")),
            start=start.isoformat(timespec="minutes"),
            minutes=_minutes(given.get("minutes")),
        )
        return event, guests

    def _invitation(self, event: AppointmentScheduled, invited: str, moment: TurnContext) -> Perceived:
        does = "has put into your calendar" if invited in self.owners else "invites you"
        text = f"{self.names[event.person]} {does}: {self._line(event, invited)}"
        return perceived(moment.stamp, people=(invited,), sense="tool", source=TOOL, to=invited, text=text)

    def _guests(self, written: JsonValue, moment: TurnContext) -> _Guests:
        names = written if isinstance(written, list) else str(written or "").split(",")
        wanted = [name for name in (str(guest).strip(" .\"'") for guest in names) if name]
        found, unknown = dict[str, None](), list[str]()
        for name in wanted:
            people = self._people(name, moment)
            found |= dict.fromkeys(person for person in people if person != moment.person)
            unknown += [f"'{name}'"] * (not people)
        known_names = ", ".join(full for _, full in moment.situation.people) if moment.situation else ""
        note = f"Nobody you know is called {' or '.join(unknown)}, so they are not invited." if unknown else ""
        return _Guests(tuple(found), note + (f" Here are: {known_names}." if unknown and known_names else ""))

    def _people(self, name: str, moment: TurnContext) -> tuple[str, ...]:
        """Return whom a name means, or nobody; raises `Unclear` where it could be one of several."""
        folded = name.casefold()
        if folded in ("me", "myself", "i"):
            return (moment.person,)
        whole = [person for person, full in self.names.items() if folded in (person.casefold(), full.casefold())]
        first = [person for person, full in self.names.items() if full.split()[0].casefold() == folded]
        found = whole or first
        if len(found) > 1:
            raise AmbiguousDate(f"'{name}' could be {' or '.join(self.names[person] for person in found)}.")
        if not found and _EVERYONE.match(folded):
            return tuple(self.names)
        return tuple(found)

    def _listed(self, given: str, moment: TurnContext) -> str:
        now = datetime.fromisoformat(moment.stamp.time)
        events = events_of(moment.person, moment.past)
        if not given or given.casefold() == "upcoming":
            coming = [event for event in events if _end(event) > now]
            return self._lines(coming, moment.person) or "There is nothing to come in your calendar."
        try:
            day = read_date(given, now.date())
        except AmbiguousDate as unclear:
            return f"{_sentence(unclear)} All that is to come: {self._listed('', moment)}"
        there = [event for event in events if datetime.fromisoformat(event.start).date() <= day <= _end(event).date()]
        return self._lines(there, moment.person) or f"There is nothing in your calendar on {spoken_day(day)}."

    def _found(self, words: str, moment: TurnContext) -> str:
        if not words:
            return self._listed("", moment)
        wanted = content_words(words)
        lines = [(event, self._line(event, moment.person)) for event in events_of(moment.person, moment.past)]
        found = [event for event, line in lines if any(word in line.casefold() for word in wanted)]
        return self._lines(found, moment.person) or f"There is nothing about '{words}' in your calendar."

    def _lines(self, events: Sequence[AppointmentScheduled], person: str) -> str:
        return "\n".join(f"- {self._line(event, person)}" for event in events)

    def _line(self, event: AppointmentScheduled, person: str) -> str:
        start, end = datetime.fromisoformat(event.start), _end(event)
        until = f"{end:%H:%M}" if end.date() == start.date() else format_datetime(end)
        others = [self.names[other] for other in event.attendees if other != person]
        return f"{format_datetime(start)} to {until}: {event.title}" + (
            f" (with {', '.join(others)})" if others else ""
        )

    def _reminder(self, event: AppointmentScheduled, person: str, now: datetime) -> str:
        start = datetime.fromisoformat(event.start)
        when = "now" if start == now else "to come" if start > now else "over" if _end(event) <= now else "going on"
        return f"{self._line(event, person)}. It is {when}."


def events_of(person: str, past: Sequence[Event]) -> list[AppointmentScheduled]:
    """Return what a person's calendar holds, by time."""
    found = [event for event in past if isinstance(event, AppointmentScheduled) and person in event.people]
    return sorted(found, key=lambda event: (event.start, event.title))


def calendar_of(trial: Trial) -> Calendar | None:
    """Return the calendar of a trial; None where nobody has one."""
    found = owners(trial, "calendar")
    return Calendar(found, {member.id: member.name for member in trial.people}) if found else None


def _end(event: AppointmentScheduled) -> datetime:
    return datetime.fromisoformat(event.start) + timedelta(minutes=event.minutes)


def _overlap(first: AppointmentScheduled, second: AppointmentScheduled) -> bool:
    return first.start < _end(second).isoformat(timespec="minutes") and second.start < _end(first).isoformat(
        timespec="minutes"
    )


def _title(written: JsonValue) -> str:
    title = " ".join(str(written or "").split())
    if not title:
        raise AmbiguousDate("it has no title.")
    return title


def _minutes(written: JsonValue) -> int:
    if written in (None, "", 0):
        return USUAL_MINUTES
    if isinstance(written, bool) or not isinstance(written, int | float) or not 0 < written <= MAX_MINUTES:
        raise AmbiguousDate(f"{written} minutes is no length for an event.")
    return max(1, round(written))


def _sentence(unclear: AmbiguousDate) -> str:
    text = str(unclear)
    return text[:1].upper() + text[1:]
