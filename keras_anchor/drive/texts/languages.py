"""Which language each part of a text is written in."""

import functools
import re
import unicodedata
from itertools import groupby

from keras_anchor.drive.texts import tables

LANGUAGES = {"LATIN": "en", "FULLWIDTH": "en", "CJK": "zh", "IDEOGRAPHIC": "zh"}
LETTERS = ("Ll", "Lu", "Lt", "Lo", "Lm")
NEUTRAL, OTHER = "", "other"
OTHER_CLAUSE = 1_000_000
OPENING = "([{<“‘《〈「『【（"
# What divides clauses: a number's language is asked of its own clause first.
CLAUSE_ENDS = re.compile(r"[。！？；!?;\n]|\.(?=\s)")
# Numbers with what is written around them, read in the language they stand in: their
# letters are units, not words.
AMOUNT = re.compile(
    rf"(?:{tables.URL})|(?:{tables.EMAIL})|(?<![A-Za-z])[Nn][Oo]\.\s?\d+"
    rf"|(?<![A-Za-z0-9])(?:(?:{tables.SYMBOL})\s?)?[-−+]?\d[\d.,:/\-–~]{{0,60}}"
    rf"(?:\s?(?:{tables.UNIT}|(?:{tables.SHORT_MULTIPLIER})(?![A-Za-z0-9])"
    rf"|[AaPp]\.?[Mm](?![A-Za-z])\.?|%|‰))?(?![A-Za-z0-9])"
)
# Letters with digits in them: MP3, F-16, 5G.
CODE = re.compile(
    r"(?<![A-Za-z0-9\-])(?=[A-Za-z\-]{0,30}\d)[A-Za-z0-9]{1,60}(?:-[A-Za-z0-9]{1,60}){0,4}"
)


@functools.lru_cache(maxsize=4096)
def find_language(character):
    """`en` for a Latin letter, `zh` for a Chinese one, `other`, or `` for no letter."""
    if unicodedata.category(character) not in LETTERS and character != "〇":
        return NEUTRAL
    script = unicodedata.name(character, "UNKNOWN").split()[0]
    return LANGUAGES.get(script, OTHER)


def split_by_language(text, default=None):
    """Splits text where its language changes; the parts joined are the text again.

    Digits, punctuation and units go with their neighbours: those that touch, else the
    nearest of the clause.

    Args:
        default: `en` or `zh`, for numbers between both or beside neither. By default
            the language before them, else English.

    Returns:
        `[(part, language), ...]`: `en` for Latin letters, `zh` for Chinese ones, None
        for any other script.
    """
    return join_labels(text, label(text, default, codes_follow=False))


def split_for_reading(text, default):
    """As `split_by_language`, but a code such as `MP3` lies in one part as a whole."""
    return join_labels(text, label(text, default, codes_follow=True))


def join_labels(text, labels):
    parts, start = [], 0
    for language, run in groupby(labels):
        end = start + len(list(run))
        parts.append((text[start:end], None if language == OTHER else language))
        start = end
    return parts


def label(text, default, codes_follow):
    """A language for each character."""
    labels = [find_language(character) for character in text]
    runs = find_runs(text)
    for start, end, is_code in runs:
        # What stands in a run is asked of the letters outside it.
        if not is_code:
            labels[start:end] = [NEUTRAL] * (end - start)
    outside = list(labels)
    for start, end, _ in runs:
        outside[start:end] = [NEUTRAL] * (end - start)
    ends = bytearray(len(text))
    for match in CLAUSE_ENDS.finditer(text):
        ends[match.start()] = 1
    before, after = nearest(outside, ends), nearest(outside[::-1], ends[::-1])[::-1]
    for start, end, is_code in runs:
        language = decide(before[start], after[end - 1], default)
        if language is None:
            language = default or "en"
        for index in range(start, end):
            if not is_code or codes_follow or labels[index] == NEUTRAL:
                labels[index] = language
    return fill(text, labels, default)


def find_runs(text):
    """`[(start, end, is code), ...]` of amounts and codes, in order."""
    runs = [(*match.span(), False) for match in AMOUNT.finditer(text)]
    taken = bytearray(len(text))
    for start, end, _ in runs:
        taken[start:end] = b"\1" * (end - start)
    for match in CODE.finditer(text):
        if not taken[match.start()]:
            runs.append((*match.span(), True))
    return sorted(runs)


def nearest(labels, ends):
    """For each place `(language, distance)` of the last letter before it."""
    found, language, distance = [], None, 0
    for name, is_end in zip(labels, ends, strict=True):
        found.append((language, distance))
        if name:
            language, distance = name, 0
        elif is_end:
            # Farther than any letter of the clause, and still better than nothing.
            distance += OTHER_CLAUSE
        else:
            distance += 1
    return found


def decide(before, after, default):
    """The language of a run, from `(language, distance)` on both sides."""
    sides = [side for side in (before, after) if side[0]]
    if len({language for language, _ in sides}) < 2:
        return sides[0][0] if sides else None
    clause = [side for side in sides if side[1] < OTHER_CLAUSE] or sides
    touching = [side for side in clause if not side[1]]
    for group in (touching, clause):
        if len(group) == 1:
            return group[0][0]
    return default or before[0]


def fill(text, labels, default):
    """Gives spaces and punctuation the language before them; opening marks the next."""
    first = next((name for name in labels if name), default or "en")
    last = first
    filled = []
    for name in labels:
        last = name or last
        filled.append(last)
    following = first
    for index in range(len(text) - 1, -1, -1):
        if labels[index]:
            following = labels[index]
        elif text[index] in OPENING and index + 1 < len(text):
            filled[index] = filled[index + 1] if not labels[index + 1] else following
    return filled
