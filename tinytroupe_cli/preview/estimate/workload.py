"""Lists every call a plan will make, with its approximate length, before any is made.

Lengths of existing texts are exact (personas, the user's texts, the prompts); lengths of future
ones are bounds. All are in characters; `estimate.py` turns them into tokens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from pydantic import JsonValue

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.periods import step_asked
from tinytroupe_cli.plan.planned_interventions import at_step, claims_in
from tinytroupe_cli.plan.query_parts import query_parts
from tinytroupe_cli.plan.types import (
    CastMember,
    DeliverStimuli,
    Models,
    Plan,
    PlannedEffect,
    PlannedEndTrial,
    PlannedIntervention,
    PlannedQuery,
    PlannedStateChange,
    PlannedStimulus,
    Trial,
)
from tinytroupe_cli.preview.estimate.judging import ClaimToJudge, claim_calls, reading_calls
from tinytroupe_cli.preview.estimate.lengths import CharRange, Fixed, PlannedCall, answer_characters, field_characters
from tinytroupe_cli.preview.estimate.memory_load import (
    ASKED,
    CHARACTERS_PER_TOKEN,
    FACTS,
    MIN_FACTS,
    ONE_IN,
    PIECE,
    Forgetting,
)
from tinytroupe_cli.preview.estimate.poll_calls import poll_calls
from tinytroupe_cli.preview.estimate.quality_calls import again_calls
from tinytroupe_cli.preview.estimate.reachability import could_hear, first_reached
from tinytroupe_cli.preview.estimate.script_calls import beside_a_line, rating_calls, words_calls
from tinytroupe_cli.preview.estimate.ssr_calls import ssr_calls
from tinytroupe_cli.preview.estimate.system_calls import REPLY, system_calls
from tinytroupe_cli.preview.estimate.token_calls import token_calls
from tinytroupe_cli.preview.estimate.tool_calls import tool_calls

CHARACTERS_PER_WORD = 6
"""Characters per word of English prose, including the space."""
MIN_WORDS = 20
"""Tokens of a short turn."""
MIN_TURN = 200
"""Characters of the shortest complete reply to a turn: thought, words, feeling, goal."""
CHARACTERS_PER_IMAGE = 3_500
"""About 1,000 tokens an image, as most providers count one of usual size."""
BESIDES_WORDS = 300
"""Maximum characters of a turn's reply in addition to thoughts and words."""
NOTICE = 300
"""Characters of what people are told about how their version was picked."""
CHARACTERS_PER_FIELD = 100
"""Characters that a model writes about a person of a population."""

RenderPersona = Callable[[Mapping[str, JsonValue]], str]


def planned_calls(plan: Plan, render: RenderPersona, fixed: Fixed) -> Iterator[PlannedCall]:
    """Yield every call of the plan, equal ones included; those of people who may not be needed are not certain."""
    for trial in plan.trials:
        work = _TrialWork(trial, render, fixed, plan.models)
        calls = chain(work.calls(), poll_calls(trial, plan.outputs.polls, work.measures))
        yield from calls if trial.block <= 1 else (replace(call, is_certain=False) for call in calls)


def persona_characters(member: CastMember, render: RenderPersona) -> int:
    """Return the length of a person's description, with an estimate for parts not yet generated."""
    generated_fields = member.drawn.generated_fields if member.drawn else ()
    return len(render(member.persona)) + CHARACTERS_PER_FIELD * len(generated_fields)


class _TrialWork:
    def __init__(self, trial: Trial, render: RenderPersona, fixed: Fixed, models: Models) -> None:
        self._trial = trial
        self._judge = models.judge
        self._steps: dict[bytes, int] = {}
        self._is_script = models.people.turns == "script"
        self._has_vectors = models.embeddings is not None
        self._fixed = fixed
        self._is_together = trial.world.type != "interviews"
        self._hearing = could_hear(trial)
        self._reached = first_reached(trial, self._hearing)
        told = NOTICE if trial.unblinded else 0
        self._persona_characters = {member.id: persona_characters(member, render) + told for member in trial.people}
        self._words = CharRange(MIN_WORDS * CHARACTERS_PER_WORD, trial.max_words * CHARACTERS_PER_WORD)
        moment = CharRange(MIN_TURN, 2 * trial.max_words * CHARACTERS_PER_WORD + BESIDES_WORDS)
        self._turn = self._words if self._is_script else moment
        self._members = {member.id: _digest(member.model_dump_json()) for member in trial.people}
        self._everyone = _digest(*self._members.values())
        world = trial.world.model_copy(update={"steps": 1}).model_dump_json()
        self._world = _digest(
            world, trial.unblinded, *(intervention.model_dump_json() for intervention in trial.interventions)
        )
        effects = [(effect, intervention.limit) for intervention in trial.interventions for effect in intervention.then]
        self._can_end = any(isinstance(effect, PlannedEndTrial) for effect, _ in effects)
        self._added = CharRange(0, sum(self._effect_characters(effect) * limit for effect, limit in effects))
        self._received: dict[str, list[PlannedStimulus]] = {member.id: [] for member in trial.people}
        for stimulus in trial.stimuli:
            for person in stimulus.to:
                self._received[person].append(stimulus)

    def calls(self) -> Iterator[PlannedCall]:
        for person in self._trial.people:
            turns = list(self._turns(person))
            yield from turns
            yield from self._consolidations(person, turns)
            for turn in turns:
                yield from again_calls(turn, self._trial.quality)
                if self._is_script and turn.key in self._steps:
                    yield from beside_a_line(turn, person, self._trial, self._steps[turn.key])
            yield from self._recalls(person, turns)
        for step in range(1, self._trial.world.steps + 1):
            for intervention in self._trial.interventions:
                yield from self._conditions(intervention, step)
        for query in self._trial.queries:
            for person in query.people or ("",):
                if query.procedure == "judge":
                    yield from self._claims(query, person)
                for part in query_parts(query) if query.procedure != "judge" else ():
                    yield from self.measures(part, person)

    def _turns(self, person: CastMember) -> Iterator[PlannedCall]:
        """Yield the turns. The key of a turn includes everything that reached the people within reach before it."""
        for step in range(1, self._trial.world.steps + 1):
            is_due = any(stimulus.step == step for stimulus in self._received[person.id])
            is_always = self._trial.world.activation == "always"
            if not is_due and not is_always and (not self._is_together or step < self._reached[person.id]):
                continue
            fixed = self._fixed.person + self._fixed.present + self._fixed.schema + self._persona_characters[person.id]
            turn = PlannedCall(
                role="people",
                key=self._key("turn", person.id, step),
                prompt=_exactly(fixed) + self._past(person.id, step),
                reply=self._turn,
                is_certain=(is_due or is_always) and (step == 1 or not self._can_end),
            )
            yield turn
            self._steps[turn.key] = step
            key = partial(self._key, "system", person.id, step)
            yield from system_calls(self._trial, person.id, turn, is_together=self._is_together, key=key)
            yield from tool_calls(person, turn, key=partial(self._key, "tool", person.id, step))

    def _consolidations(self, person: CastMember, turns: Sequence[PlannedCall]) -> Iterator[PlannedCall]:
        """Yield the calls that extract facts from moments leaving the window; with long moments this happens sooner."""
        low, high = (memory.blocks(len(turns)) for memory in self._memories(person.id))
        sure = sum(turn.is_certain for turn in turns) == len(turns)
        fixed = self._fixed.person + self._persona_characters[person.id] + ASKED
        for number, characters in enumerate(high):
            yield PlannedCall(
                role="people",
                key=self._key("consolidate", person.id, self._trial.world.steps, str(number)),
                prompt=_exactly(fixed) + CharRange(low[0] if low else characters, characters),
                reply=CharRange(MIN_FACTS, FACTS),
                is_certain=sure and number < len(low),
            )

    def _recalls(self, person: CastMember, turns: Sequence[PlannedCall]) -> Iterator[PlannedCall]:
        """Yield the calls of recall; with embeddings, queries and memories become vectors."""
        memory = self._memories(person.id)[1]
        late = turns[len(turns) - memory.reminded(len(turns)) :]
        for number, turn in enumerate(late):
            key = self._key("recall", person.id, self._trial.world.steps, str(number))
            if number % ONE_IN == 0:
                yield replace(turn, key=key + b"+", is_certain=False)
            if self._has_vectors and self._trial.memory.recall == "semantic":
                characters = CharRange(PIECE, memory.moment)
                yield PlannedCall(role="embeddings", key=key, prompt=characters, reply=_exactly(0), is_certain=False)
                for piece in range(max(1, memory.moment // PIECE)):
                    piece_key = key + str(piece).encode()
                    part = CharRange(PIECE // 4, PIECE)
                    yield PlannedCall(
                        role="embeddings", key=piece_key, prompt=part, reply=_exactly(0), is_certain=False
                    )

    def _memories(self, person: str) -> tuple[Forgetting, Forgetting]:
        """Return what memory keeps of short moments, and of long ones."""
        others = len(self._hearing.get(person, ()))
        moment = self._turn + self._words * others
        return Forgetting(self._trial.memory, moment.low), Forgetting(self._trial.memory, moment.high)

    def measures(self, query: PlannedQuery, person: str) -> Iterator[PlannedCall]:
        """Yield the calls of a query about a person, or about the world, after its last step."""
        last = step_asked(self._trial, query)
        question = query.questions.get(person, "")
        asked = len(question) + sum(field_characters(field) for field in query.fields) + self._fixed.schema
        persona = self._fixed.person + self._fixed.answer + self._persona_characters.get(person, 0)
        asked += persona if query.procedure == "interview" else self._fixed.judge
        fields = "".join(field.model_dump_json() for field in query.fields)
        for sample in range(query.samples if query.fields[0].elicit == "direct" else 1):
            key = partial(self._key, query.procedure, person, last, question, fields, str(sample))
            call = PlannedCall(
                role="people" if query.procedure == "interview" else "judge",
                key=key(),
                prompt=_exactly(asked),
                reply=sum((answer_characters(field) for field in query.fields), start=CharRange(10, 20)),
            )
            if query.procedure == "interview":
                call = replace(call, prompt=call.prompt + self._past(person, last + 1))
                if query.fields[0].rating is not None:
                    yield from ssr_calls(call, query.fields[0].rating, self._words)
                    continue
                is_spoken = self._is_script and not query.fields[0].is_asked_alone
                own = token_calls(call, query.fields[0])
                yield from words_calls(call, query.fields, self._words) if is_spoken else own
            else:
                yield from reading_calls(call, self._transcript(person), asked, self._judge, key)
                for field in query.fields if self._judge.turns == "script" else ():
                    if type_of(field).is_rated:
                        yield from rating_calls(call, field, self._words)

    def _claims(self, query: PlannedQuery, person: str) -> Iterator[PlannedCall]:
        claim = query.questions.get(person, "")
        portraits = [characters for other, characters in self._persona_characters.items() if person in {"", other}]
        personas = sum(portraits) if query.include_personas else 0
        for sample in range(query.samples):
            judged = ClaimToJudge(claim=len(claim), personas=personas, evidence=self._transcript(person))
            apart = (claim, query.fields[0].name, str(query.include_personas), str(sample))
            key = partial(self._key, "judge", person, self._trial.world.steps, *apart)
            yield from claim_calls(judged, self._judge, self._fixed, key)

    def _past(self, person: str, step: int) -> CharRange:
        """Return a person's past at the start of step `step`: stimuli, their own and others' actions."""
        received = sum(
            self._characters(stimulus) for stimulus in self._received.get(person, ()) if stimulus.step <= step
        )
        low, high = self._memories(person)
        replies = REPLY.high * sum(person in system.people for system in self._trial.systems) * (step - 1)
        most = self._trial.memory.tokens * CHARACTERS_PER_TOKEN
        added = received + self._added.high + replies
        return CharRange(min(most, received + low.behind(step - 1)), min(most, added + high.behind(step - 1)))

    def _conditions(self, intervention: PlannedIntervention, step: int) -> Iterator[PlannedCall]:
        """Yield the judgements of conditions: a claim may be judged at every step; a lone claim surely is, once."""
        for claim in claims_in(intervention.when, step):
            text = at_step(claim.texts, step)
            is_certain = step == 1 and claim is intervention.when
            evidence = self._transcript("", steps=step - 1)
            key = partial(self._key, "condition", "", step, text, str(claim.score_below is not None))
            yield from claim_calls(ClaimToJudge(len(text), 0, evidence, is_certain), self._judge, self._fixed, key)

    def _effect_characters(self, effect: PlannedEffect) -> int:
        match effect:
            case DeliverStimuli():
                return sum(map(self._characters, effect.stimuli))
            case PlannedStateChange():
                return sum(len(change.field) + len(str(change.value)) for change in effect.changes)
            case PlannedEndTrial():
                return 0

    def _characters(self, stimulus: PlannedStimulus) -> int:
        images = len(stimulus.images) if self._trial.sees_images else 0
        return len(stimulus.text) + CHARACTERS_PER_IMAGE * images

    def _transcript(self, person: str, steps: int | None = None) -> CharRange:
        stimuli = self._received[person] if person else self._trial.stimuli
        speakers = 1 if person and not self._is_together else len(self._trial.people)
        seen = sum(len(stimulus.text) for stimulus in stimuli)
        steps = self._trial.world.steps if steps is None else steps
        return self._added + _exactly(seen) + self._words * (speakers * steps)

    def _key(self, what: str, person: str, step: int, *rest: str) -> bytes:
        """Return a key of a call from everything before it: of one person alone, or of everyone together."""
        is_alone = not self._is_together and bool(person)
        whom = self._members[person] if is_alone else self._everyone
        before = [
            stimulus.model_dump_json(exclude={"to"} if is_alone else None)
            for stimulus in (self._received[person] if is_alone else self._trial.stimuli)
            if stimulus.step <= step
        ]
        return _digest(what, person, str(step), str(self._trial.seed), self._world, whom, *rest, *before)


def _digest(*parts: str | bytes) -> bytes:
    whole = b"\x1f".join(part.encode() if isinstance(part, str) else part for part in parts)
    return hashlib.blake2b(whole, digest_size=16).digest()


def _exactly(characters: int) -> CharRange:
    return CharRange(characters, characters)
