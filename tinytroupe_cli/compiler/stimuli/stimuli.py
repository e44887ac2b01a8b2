"""Resolves stimuli: what reaches whom at which step, with rendered texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from tinytroupe_cli.compiler.audiences import audience
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import EVERYONE, Roster
from tinytroupe_cli.compiler.stimuli.images import WITHOUT_WORDS, ImageFiles
from tinytroupe_cli.compiler.template_scope import TemplateScope, Text, plain_text, read_text
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.types import CastMember, PlannedStimulus, Verb
from tinytroupe_cli.spec.stimuli import (
    AtStep,
    Every,
    Goal,
    Move,
    Picture,
    Read,
    Say,
    Show,
    Social,
    Stimulus,
    Think,
)
from tinytroupe_cli.spec.wordings import Wordings

ReadDocument = Callable[[str], Sequence[str]]
"""Path as written -> the document's text in one or more parts; raises a TroupeError that explains why not."""

_Told = Say | Think | Goal | Show | Move | Social


@dataclass(frozen=True)
class PreparedStimulus:
    """A stimulus, independent of condition and replicate."""

    verb: Verb
    text: Text
    source: str
    steps: tuple[int, ...]
    to: tuple[str, ...]
    """Ids of everyone it may reach."""
    to_everyone: bool
    images: tuple[str, ...] = ()

    def planned(
        self, scene: TemplateScope, people: Sequence[CastMember], findings: Findings
    ) -> Iterator[PlannedStimulus]:
        """Yield it for one trial: once for all or, if the text mentions a person, once for each."""
        to = frozenset(self.to)
        reached = [member for member in people if member.id in to and member.id != self.source]
        for step in self.steps:
            if self.text.is_personal:
                for member in reached:
                    text = scene.render(self.text, findings, person=member, step=step)
                    yield from self._at(step, text, (member.id,), to_everyone=False)
            elif reached:
                text = scene.render(self.text, findings, step=step, is_for_people=True)
                yield from self._at(step, text, tuple(member.id for member in reached), to_everyone=self.to_everyone)

    def _at(self, step: int, text: str, to: tuple[str, ...], *, to_everyone: bool) -> Iterator[PlannedStimulus]:
        if text.strip():  # a text that comes out empty says nothing: `{% if step > 2 %}…{% endif %}`
            yield PlannedStimulus(
                step=step,
                verb=self.verb,
                text=text,
                source=self.source,
                to=to,
                to_everyone=to_everyone,
                images=self.images,
            )


def prepare_stimuli(
    stimuli: Sequence[Stimulus],
    roster: Roster,
    *,
    steps: int,
    read: ReadDocument,
    image_files: ImageFiles,
    findings: Findings,
) -> list[PreparedStimulus]:
    """Resolve the content, the recipients and the steps of every stimulus."""
    prepared: list[PreparedStimulus] = []
    for index, stimulus in enumerate(stimuli):
        path: Path = ("stimuli", index)
        due = _steps(stimulus, steps, (*path, "at"), findings)
        found = prepare_stimulus(
            stimulus, path, due, roster=roster, read=read, image_files=image_files, findings=findings
        )
        prepared += found
    return prepared


def prepare_stimulus(
    stimulus: Stimulus,
    path: Path,
    steps: tuple[int, ...],
    *,
    roster: Roster,
    read: ReadDocument,
    image_files: ImageFiles,
    findings: Findings,
) -> list[PreparedStimulus]:
    """Resolve a stimulus at these steps; a long document becomes several."""
    verb, texts = _verb_and_texts(stimulus, path, read, findings)
    images = _images(stimulus, path, image_files, findings)
    if images and not texts:
        texts = [plain_text(WITHOUT_WORDS, path)]
    to = audience(stimulus.to, roster, (*path, "to"), findings)
    source = roster.find(stimulus.source) or stimulus.source
    return [PreparedStimulus(verb, text, source, steps, to, stimulus.to == EVERYONE, images) for text in texts]


def plan_stimuli(
    prepared: Sequence[PreparedStimulus], scene: TemplateScope, people: Sequence[CastMember], findings: Findings
) -> tuple[PlannedStimulus, ...]:
    """Return the stimuli of one trial, by step, in the order written."""
    planned = [found for stimulus in prepared for found in stimulus.planned(scene, people, findings)]
    return tuple(sorted(planned, key=lambda stimulus: stimulus.step))


def _verb_and_texts(
    stimulus: Stimulus, path: Path, read: ReadDocument, findings: Findings
) -> tuple[Verb, Sequence[Text]]:
    if isinstance(stimulus, Read):
        return "read", _document(stimulus.read, (*path, "read"), read, findings)
    verb, text = _verb_and_text(stimulus, path, findings)
    return verb, [] if text is None else [text]


def _verb_and_text(stimulus: _Told, path: Path, findings: Findings) -> tuple[Verb, Text | None]:
    match stimulus:
        case Say():
            return "say", read_text(stimulus.say, (*path, "say"), findings)
        case Think():
            return "think", read_text(stimulus.think, (*path, "think"), findings)
        case Goal():
            return "goal", read_text(stimulus.goal, (*path, "goal"), findings)
        case Move():
            return "move", read_text(stimulus.move, (*path, "move"), findings)
        case Social():
            return "social", read_text(stimulus.social, (*path, "social"), findings)
        case Show():
            return "show", _shown(stimulus.show, (*path, "show"), findings)
        case _:
            assert_never(stimulus)


def _shown(shown: str | Picture | Wordings, path: Path, findings: Findings) -> Text | None:
    if not isinstance(shown, Picture):
        return read_text(shown, path, findings)
    if shown.text is None:
        if shown.image is None:
            findings.add("E312", "nothing is shown", path, hint="describe it in `text`, or name an `image`")
        return None
    return read_text(shown.text, (*path, "text"), findings)


def _images(stimulus: Stimulus, path: Path, image_files: ImageFiles, findings: Findings) -> tuple[str, ...]:
    if not isinstance(stimulus, Show) or not isinstance(stimulus.show, Picture) or stimulus.show.image is None:
        return ()
    at = (*path, "show", "image")
    if stimulus.show.text is None and not image_files.people_see:
        hint = (
            "describe the image in `text`, or use a model that takes images (`sees: true` if LiteLLM doesn't know this)"
        )
        findings.add("E318", "the model for people takes no images, and this image has no description", at, hint=hint)
        return ()
    name = image_files.add(stimulus.show.image, at, findings)
    return () if name is None else (name,)


def _document(name: str, path: Path, read: ReadDocument, findings: Findings) -> list[Text]:
    try:
        parts = read(name)
    except TroupeError as error:
        findings.add("E313", error.message, path, hint=error.hint)
        return []
    return [plain_text(part, path) for part in parts]


def _steps(stimulus: Stimulus, steps: int, path: Path, findings: Findings) -> tuple[int, ...]:
    match stimulus.at:
        case "start":
            return (1,)
        case "end":
            return (steps,)
        case AtStep(step=step) if step <= steps:
            return (step,)
        case Every(every=every) if every <= steps:
            return tuple(range(every, steps + 1, every))
        case AtStep(step=number) | Every(every=number):
            kind = "step" if isinstance(stimulus.at, AtStep) else "every"
            count = f"{steps} step" + "s" * (steps != 1)
            hint = f"set world.steps to {number} or more" if steps < number else ""
            findings.add("E314", f"the world ends after {count}, so this never happens", (*path, kind), hint=hint)
            return ()
