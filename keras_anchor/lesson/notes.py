r"""Reads a lesson's notes: what is said, and when slides turn.

# The moon

## Slide 1: Welcome
Good morning. [pause 0.5] Today we look at the moon.

[next]
It is [mood friendly] closer than you think. [slide 1] But back to the start.

## Slide 4
Slides 2 and 3 had their turn, or are shown for a while.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from pathlib import Path

from keras_anchor.lesson.turns import Turn, find_turns, locate
from keras_anchor.script.parse import ScriptError, State, is_spoken, read_blocks

# Cues of a script that change what a slide fills.
NO_PLACE = "background", "lower-third", "caption", "chapter"
COMMENT = re.compile(r"<!--.*?-->|^[ \t]*//[^\n]*", re.DOTALL | re.MULTILINE)
# Markdown that is seen and not read out.
EMPHASIS = re.compile(r"(?<![\w\\])(\*{1,3}|_{1,3}|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
BULLET = re.compile(r"^(\s*)[-*+•](?=\s)", re.MULTILINE)


@dataclass
class Step:
    """One slide that is shown while something is said, or in silence.

    Args:
        slide: Its number, from 1.
        title: Of the chapter, perhaps empty.
        paragraphs: List of `Paragraph`; without any the slide is shown for a while.
        line: Of the notes.
    """

    slide: int
    title: str = ""
    paragraphs: list = field(default_factory=list)
    line: int = 0


def read_notes(path, num_slides, engine="espeak"):
    """Reads a file of notes, UTF-8; see `parse_notes`."""
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"There is no file of notes {path}.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} is no text in UTF-8 ({error.reason}). Save it as such."
        ) from None
    return parse_notes(text, num_slides, str(path), engine)


def parse_notes(text, num_slides, name="notes", engine="espeak"):
    r"""Parses notes.

    `## Slide 3` or `## Slide 3: Title` on a line of its own, `[slide 3]` and `[next]`
    anywhere turn to a slide; what stands before any belongs to the first. `# Title`
    and comments, `<!-- -->` or after `//`, are skipped, bullets and emphasis are not
    read out. Otherwise text and cues are those of a script.

    Args:
        num_slides: How many there are.
        name: What errors call the notes.
        engine: Whose voices they may name.

    Returns:
        A list of `Step`. Slides that nothing turns to have a silent one, in their
        place.

    Raises:
        ScriptError: A `ValueError` that names line and column.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    text = COMMENT.sub(lambda match: blank(match[0]), text)
    text = BULLET.sub(r"\1 ", text)
    turns, headings = find_turns(text, num_slides, name)
    for start, end in headings:
        text = text[:start] + blank(text[start:end]) + text[end:]
    first = turns[0].start if turns else len(text)
    if text[:first].strip():
        turns.insert(0, Turn(0, 0, 1))
    steps, ends = [], [turn.start for turn in turns] + [len(text)]
    for turn, end in zip(turns, ends[1:], strict=True):
        line, column = locate(text, turn.end)
        # Before it stands nothing, so that errors name the right place.
        part = "\n" * (line - 1) + " " * (column - 1) + text[turn.end : end]
        blocks = read_blocks(part, name, Path(), engine)
        steps.append(Step(turn.slide, turn.title, blocks, line))
    for step in steps:
        check_cues(step, name)
    if not any(is_spoken(block.text) for step in steps for block in step.paragraphs):
        raise ScriptError(
            f"{name} has nothing to say: expected text below headings such as "
            "`## Slide 1`, or between marks such as `[next]`."
        )
    link_paragraphs(steps)
    return fill_steps(steps, num_slides)


def blank(text):
    """As many spaces, lines kept."""
    return re.sub(r"[^\n]", " ", text)


def check_cues(step, name):
    """Raises `ScriptError` for cues of a script that mean nothing beside slides."""
    for block in step.paragraphs:
        for cue in block.cues:
            if cue.kind in NO_PLACE:
                raise ScriptError(
                    f"{name}, line {cue.line}: `[{cue.kind} …]` has no place in a "
                    "lesson, whose picture is the slide."
                )


def link_paragraphs(steps):
    """Gives paragraphs the mood and voice that hold, and takes emphasis away."""
    waiting, state = [], State()
    for step in steps:
        paragraphs, blocks = [], step.paragraphs
        for block in blocks:
            strip_emphasis(block)
            cues = [replace(cue, offset=0) for cue in waiting] + block.cues
            waiting = []
            if not block.text and not any(cue.kind == "pause" for cue in cues):
                waiting = cues
                continue
            paragraphs.append(replace(block, cues=cues, state=state))
            state = state.after(cues)
        step.paragraphs = paragraphs


def strip_emphasis(block):
    """Takes `*`, `_` and backticks around words out of a paragraph's text."""
    while match := EMPHASIS.search(block.text):
        spans = match.span(1), (match.end() - len(match[1]), match.end())
        for start, end in reversed(spans):
            block.text = block.text[:start] + block.text[end:]
            block.cues = [
                replace(
                    cue,
                    offset=cue.offset - min(max(cue.offset - start, 0), end - start),
                )
                for cue in block.cues
            ]


def fill_steps(steps, num_slides):
    """Adds a silent step for each slide that has none, before the next one."""
    missing = sorted(set(range(1, num_slides + 1)) - {step.slide for step in steps})
    filled = []
    for step in steps:
        while missing and missing[0] < step.slide:
            filled.append(Step(missing.pop(0)))
        filled.append(step)
    return filled + [Step(number) for number in missing]


def use_speaker_notes(notes, name="slides", engine="espeak"):
    """Steps of what a PPTX holds; see `parse_notes`.

    Args:
        notes: List of `SpeakerNotes`, one for each slide.
    """
    steps = []
    for number, note in enumerate(notes, 1):
        where = f"{name}, notes of slide {number}"
        text = unicodedata.normalize("NFC", note.text)
        step = Step(number, note.title, read_blocks(text, where, Path(), engine))
        check_cues(step, where)
        steps.append(step)
    if not any(is_spoken(block.text) for step in steps for block in step.paragraphs):
        raise ScriptError(
            f"{name} holds no speaker notes. Write some, or name a file of notes."
        )
    link_paragraphs(steps)
    return steps
