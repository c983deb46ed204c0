r"""Reads a script: paragraphs of plain text with cues in square brackets.

# Evening news
[lower-third Jane Doe, newsreader] Good evening. [pause 0.5] [mood friendly]
It is getting warmer.

// A line that nobody hears.
[look left] Two \[2\] lines further, this is the second paragraph.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from keras_anchor.script.cue_values import KINDS, check_value

COMMENT = "//"
CHAPTER_LINE = re.compile(r"\s*#+\s+(?P<title>.*\S)\s*$")
TOKEN = re.compile(r"\\[\[\]\\#/]|\[(?P<cue>[^\[\]]*)\]|[\[\]]")
# Brackets that a Chinese keyboard types.
WIDE_CUE = re.compile(r"[［【〔]\s*(?P<name>[a-z-]+)[^］】〕]*[］】〕]?", re.IGNORECASE)
# Written without spaces, so that lines are joined without one.
WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]")
# What every paragraph starts from, and the next one goes on with.
STATES = {
    "mood": "mood",
    "voice": "voice",
    "background": "background",
    "lower-third": "lower_third",
}


class ScriptError(ValueError):
    """Something in a script that cannot be followed, and where it stands."""


@dataclass(frozen=True)
class TextCue:
    """What is asked for before the character at `offset` of a paragraph's text.

    `value` is a number for `pause`, a pair (name, role) for `lower-third`, else text;
    empty or None where a cue takes something back.
    """

    offset: int
    kind: str
    value: object = ""
    line: int = 0


@dataclass(frozen=True)
class State:
    """What holds at the beginning of a paragraph, before its own cues."""

    mood: str = "neutral"
    voice: str | None = None
    background: str | None = None
    lower_third: tuple | None = None

    def after(self, cues):
        """What holds after some cues."""
        state = self
        for cue in cues:
            if cue.kind in STATES:
                state = replace(state, **{STATES[cue.kind]: cue.value})
        return state


@dataclass
class Paragraph:
    """Text to be spoken, the cues in it, and what held before.

    `is_continued` says that the same paragraph of the script goes on in the next one,
    `continues` that it began in the one before: long paragraphs come in pieces.
    """

    text: str
    cues: list = field(default_factory=list)
    state: State = State()
    line: int = 0
    continues: bool = False
    is_continued: bool = False


def read_script(path, engine="espeak"):
    """Reads a script's file, UTF-8; see `parse_script`.

    Raises:
        ValueError: If it is no text, or cannot be followed.
    """
    path = Path(path)
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise ValueError(f"Expected a script, a plain text file: {path} {what}.")
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ScriptError(
            f"{path}, line {line}: expected text in UTF-8, received the byte "
            f"0x{data[error.start]:02x}. Save the script as plain text, UTF-8."
        ) from None
    if "\0" in text:
        raise ScriptError(f"{path} is no plain text. Save the script as UTF-8 text.")
    return parse_script(text, name=str(path), folder=path.parent, engine=engine)


def parse_script(text, name="script", folder=".", engine="espeak"):
    r"""Parses a script.

    Blank lines divide paragraphs; `# Title` begins a chapter; a line that starts with
    `//` is skipped; `\[` is a bracket.

    Args:
        text: The whole script.
        name: What errors call it.
        folder: Where the pictures lie that it names.
        engine: Whose voices it may name.

    Returns:
        A list of `Paragraph`, at least one, in which something is said.

    Raises:
        ScriptError: A `ValueError` that names line and column, what was found, and
            what is known.
    """
    text = unicodedata.normalize("NFC", text)
    blocks = read_blocks(text, name, folder, engine)
    paragraphs, waiting, state = [], [], State()
    for block in blocks:
        cues = [replace(cue, offset=0) for cue in waiting] + block.cues
        if not block.text and not any(cue.kind == "pause" for cue in cues):
            waiting = cues
            continue
        paragraphs.append(replace(block, cues=cues, state=state))
        state, waiting = state.after(cues), []
    if not any(is_spoken(paragraph.text) for paragraph in paragraphs):
        found = " ".join(block.text for block in blocks).strip()
        raise ScriptError(
            f"{name} has nothing to say: expected text with letters or digits, "
            + (f"received {found[:40]!r}." if found else "found none.")
        )
    if chapter := next((cue for cue in waiting if cue.kind == "chapter"), None):
        raise ScriptError(
            f"{name}, line {chapter.line}: the chapter {chapter.value!r} holds no "
            "text. Write some, or remove it."
        )
    last = paragraphs[-1]
    last.cues = last.cues + [replace(cue, offset=len(last.text)) for cue in waiting]
    return paragraphs


def is_spoken(text):
    """Whether text holds a letter or digit."""
    return any(character.isalnum() for character in text)


def read_blocks(text, name, folder, engine):
    """Splits into `Paragraph`s by blank lines and chapters; states are not known."""
    blocks, block = [], None
    for number, line in enumerate(text.splitlines(), 1):
        if (title := CHAPTER_LINE.match(line)) or not line.strip():
            block = None
        if title:
            cue = TextCue(0, "chapter", title["title"], number)
            blocks.append(Paragraph("", [cue], line=number))
        elif line.strip() and not line.lstrip().startswith(COMMENT):
            if block is None:
                block = Paragraph("", line=number)
                blocks.append(block)
            read_line(block, line, number, name, folder, engine)
    for block in blocks:
        block.text = block.text.rstrip()
        end = len(block.text)
        block.cues = [replace(cue, offset=min(cue.offset, end)) for cue in block.cues]
    return blocks


def read_line(block, line, number, name, folder, engine):
    """Adds a line's text and cues to a paragraph."""
    where = f"{name}, line {number}"
    check_brackets(line, where)
    first = line.lstrip()[0]
    if block.text and not (WIDE.match(block.text[-1]) and WIDE.match(first)):
        add_text(block, " ")
    position, parts = len(line) - len(line.lstrip()), []
    for token in TOKEN.finditer(line):
        parts.append(line[position : token.start()])
        position = token.end()
        if token["cue"] is not None:
            add_text(block, "".join(parts))
            parts = []
            place = f"{where}, column {token.start() + 1}"
            kind, value = read_cue(token["cue"], place, folder, engine)
            block.cues.append(TextCue(len(block.text), kind, value, number))
        elif token[0].startswith("\\"):
            parts.append(token[0][1:])
        else:
            fault = "is not closed on its line" if token[0] == "[" else "closes nothing"
            raise ScriptError(
                f"{where}, column {token.start() + 1}: the bracket `{token[0]}` "
                f"{fault}. A cue is written `[nod]`, a bracket that is read out "
                f"`\\{token[0]}`."
            )
    add_text(block, "".join(parts) + line[position:].rstrip())


def check_brackets(line, where):
    """Raises `ScriptError` for a cue in brackets of another keyboard."""
    for match in WIDE_CUE.finditer(line):
        if match["name"].lower() in KINDS:
            raise ScriptError(
                f"{where}, column {match.start() + 1}: found {match[0]!r}. Cues stand "
                f"in plain square brackets: `[{match['name'].lower()} …]`."
            )


def add_text(block, text):
    """Adds text; white space around a cue, or doubled, becomes one space."""
    text = re.sub(r"\s+", " ", text)
    if not block.text or block.text.endswith(" "):
        text = text.lstrip()
    block.text += text


def read_cue(text, place, folder, engine):
    """What stands between two brackets: `(kind, value)`."""
    words = text.split(maxsplit=1)
    if not words:
        raise ScriptError(f"{place}: found empty brackets. {describe_known()}")
    kind = words[0].lower()
    if kind not in KINDS:
        close = get_close_matches(kind, KINDS, n=1, cutoff=0.6)
        meant = " ".join([*close, *words[1:]])
        hint = f" Did you mean `[{meant}]`?" if close else ""
        raise ScriptError(
            f"{place}: found `[{text}]`, which is no cue.{hint} {describe_known()}"
        )
    try:
        return kind, check_value(kind, " ".join(words[1:]).strip(), folder, engine)
    except ValueError as error:
        raise ScriptError(f"{place}: found `[{text}]`. {error}") from None


def describe_known():
    known = ", ".join(f"`[{kind.example}]`" for kind in KINDS.values())
    return f"Known: {known}. A bracket that is read out is written `\\[`."
