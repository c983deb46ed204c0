"""Where a lesson's notes turn to another slide: headings, and marks in the text."""

import re
from dataclasses import dataclass

from keras_anchor.script.parse import ScriptError

HEADING = re.compile(r"^ {0,3}(?P<level>#{1,6})[ \t]+(?P<words>.*\S)[ \t]*$", re.M)
SLIDE_WORDS = re.compile(
    r"(?:slide|page|幻灯片|第)?\s*(?P<number>\d+)\s*[页頁张張]?\s*(?:[:：.、—–-]\s*(?P<title>.*))?$",
    re.IGNORECASE,
)
MARK = re.compile(
    r"(?<!\\)\[\s*(?:(?P<next>next)(?:\s+(?:slide|page))?|slide(?P<number>[^\[\]]*))\s*\]",
    re.I,
)


@dataclass(frozen=True)
class Turn:
    """A heading or mark: where it stands, and the slide that it turns to."""

    start: int
    end: int
    slide: int
    title: str = ""


def locate(text, offset):
    """Line and column of a place, from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def find_turns(text, num_slides, name):
    """The `Turn`s, and `[(start, end), ...]` of the headings that mean nothing."""
    turns, headings, slide = [], [], 1
    found = [*MARK.finditer(text), *HEADING.finditer(text)]
    for match in sorted(found, key=lambda match: match.start()):
        start = match.start("level") if "level" in match.groupdict() else match.start()
        place = "{}, line {}, column {}".format(name, *locate(text, start))
        title = ""
        if "level" in match.groupdict():
            words = SLIDE_WORDS.match(match["words"])
            if words is None and len(match["level"]) == 1:
                headings.append(match.span())
                continue
            if words is None:
                raise ScriptError(
                    f"{place}: found the heading {match['words']!r}. Expected one that "
                    "names its slide, such as `## Slide 3` or `## Slide 3: Title`."
                )
            slide, title = int(words["number"]), (words["title"] or "").strip()
        elif match["next"]:
            slide += 1
        else:
            slide = read_number(match["number"], place)
        if not 1 <= slide <= num_slides:
            raise ScriptError(
                f"{place}: there is no slide {slide}, the slides number {num_slides}."
            )
        turns.append(Turn(match.start(), match.end(), slide, title))
    return turns, headings


def read_number(text, place):
    try:
        return int(text)
    except ValueError:
        raise ScriptError(
            f"{place}: expected the slide's number, such as `[slide 3]`, received "
            f"{text.strip()!r}."
        ) from None
