"""A text to sentences, each short enough to be spoken at once."""

import re

from keras_anchor.drive.texts.tables import ABBREVIATIONS, EMAIL, URL, any_of

# Characters; a longer sentence is cut at commas, or else at spaces.
LONGEST = 400
CLOSING = "\"'”’」』）)》〉】]}"
# Abbreviations that a capital may follow inside a sentence.
TITLES = any_of(
    [name for name in ABBREVIATIONS if name.endswith(".") and name not in ("etc.",)]
    + ["St.", "No.", "Nos.", "Fig.", "Vol.", "pp.", "p.", "Mme.", "Messrs."]
)
# Words that begin sentences, and never stand behind an initial.
STARTER = (
    r"\s+[\"“‘(]?(?:The|A|An|It|He|She|They|We|I|You|This|That|These|Those|But|And|In|On"
    r"|At|If|For|However|Meanwhile|Now|Today|Yesterday|There|What|When|Why|How|Who|Our"
    r"|His|Her|Their|Its|As|After|Before|With|Officials)\b"
)
STARTERS = re.compile(STARTER)
# What a full stop does not end: addresses, numbers, abbreviations, initials.
HELD = re.compile(
    rf"{URL}|{EMAIL}|\d\.(?=\d)|(?<![\w.])(?:{TITLES})(?=\s*\S)"
    rf"|(?<![\w.])[Nn]o\.(?=\s?\d)|\.(?=[a-z0-9])"
    rf"|(?<![\w.])[A-Z]\.(?=\s?[A-Z][\w.])(?!{STARTER})"
)
# The last point of U.S. ends a sentence only before one of these.
INITIALS = re.compile(r"(?<![\w.])(?:[A-Za-z]\.){2,}")
END = re.compile(
    rf"(?:[。！？!?]+|…+|\.{{3,}}|\.|；(?=\n))[{re.escape(CLOSING)}]*|\n+|\u2029"
)
PAUSES = re.compile(r"[,，、;；:：—](?!\d)[\"”’」』）)]*\s*")
SPACE = re.compile(r"\s+")


def split_sentences(text):
    """The sentences of an English, Chinese or mixed text, in order and stripped.

    Closing quotes stay with the sentence they close; a line is a sentence of its own;
    whatever is longer than `LONGEST` characters is cut at pauses, at spaces, or
    anywhere. Nothing but white space is lost.
    """
    held = bytearray(len(text) + 1)
    for match in HELD.finditer(text):
        hold(held, match)
    for match in INITIALS.finditer(text):
        is_last = STARTERS.match(text, match.end()) is not None
        held[match.start() : match.end() - is_last] = b"\1" * (
            match.end() - is_last - match.start()
        )
    sentences, start = [], 0
    for match in END.finditer(text):
        end = match.end()
        if held[match.start()] or not is_boundary(text, match):
            continue
        sentences += cut(text[start:end].strip())
        start = end
    return sentences + cut(text[start:].strip())


def hold(held, match):
    """Marks what belongs to a word; an address gives back its last full stop."""
    end = match.end()
    if match[0].endswith((".", "!", "?")) and "//" in match[0]:
        end -= 1
    held[match.start() : end] = b"\1" * (end - match.start())


def is_boundary(text, match):
    """Whether the mark ends a sentence: Chinese ones do, others before white space."""
    mark, end = match[0], match.end()
    if mark[0] in "。！？\n\u2029；":
        return True
    if end >= len(text) or text[end].isspace():
        following = text[end : end + 40].lstrip()
        # `"Really?" he asked`, `Yahoo! shares`, `wait ... what`.
        is_soft = mark[0] != "." or mark.startswith("..") or mark[-1] in CLOSING
        return not (is_soft and following[:1].islower())
    # `他说OK.然后`: no space before a Chinese letter.
    return text[end] > "\u2e7f"


def cut(sentence):
    """Pieces of a sentence of at most `LONGEST` characters."""
    pieces, start = [], 0
    while len(sentence) - start > LONGEST:
        window = sentence[start : start + LONGEST]
        end = start + (last_end(PAUSES, window) or last_end(SPACE, window) or LONGEST)
        pieces.append(sentence[start:end].strip())
        start = end
    pieces.append(sentence[start:].strip())
    return [piece for piece in pieces if piece]


def last_end(pattern, window):
    """Where the last match in the window ends, if that is not too near its start."""
    ends = [match.end() for match in pattern.finditer(window)]
    return ends[-1] if ends and ends[-1] > LONGEST // 8 else None
