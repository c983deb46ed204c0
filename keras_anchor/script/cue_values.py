"""The cues that a script may hold, and the values that they take."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from keras_anchor.frames import parse_colour

LONGEST_PAUSE = 60.0
LOOKS = ("left", "right", "up", "down", "camera")
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Kind:
    """One kind of cue: how it is written, and what makes its value of text."""

    example: str
    check: Callable


def check_value(kind, text, folder, engine):
    """The value of a cue; see `TextCue`.

    Args:
        kind: A key of `KINDS`.
        text: What stands after it, perhaps nothing.
        folder: Where pictures lie.
        engine: Whose voices are meant.

    Raises:
        ValueError: If it is none; says what would be.
    """
    return KINDS[kind].check(text, folder, engine)


def check_pause(text, folder, engine):
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0.0 < seconds <= LONGEST_PAUSE:
        raise ValueError(
            f"Expected seconds up to {LONGEST_PAUSE:g}, such as `[pause 0.5]`, "
            f"received {text!r}."
        )
    return seconds


def choose(text, known, what):
    """`text` in small letters, if it is known."""
    name = text.lower()
    if name not in known:
        close = get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f" Did you mean `{close[0]}`?" if close else ""
        raise ValueError(
            f"Expected {what}, received {text!r}.{hint} Known: {', '.join(known)}."
        )
    return name


def check_mood(text, folder, engine):
    from keras_anchor.drive.moods import load_moods

    return choose(text, list(load_moods()), "a mood")


def check_look(text, folder, engine):
    return choose(text, LOOKS, "where to look")


def check_nothing(text, folder, engine):
    if text:
        raise ValueError(f"Expected nothing more, received {text!r}.")
    return ""


def check_voice(text, folder, engine):
    from keras_anchor.drive.voices import find_voice

    if not text:
        return None
    find_voice(text, engine)
    return text


def check_background(text, folder, engine):
    """The absolute path of a picture, or a colour; None is the film's own."""
    import cv2

    if not text:
        return None
    if text.startswith("#"):
        parse_colour(text)
        return text
    path = Path(folder, text).absolute()
    if not path.is_file():
        pictures = sorted(
            file.name
            for file in (path.parent.iterdir() if path.parent.is_dir() else ())
            if file.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp", ".bmp")
        )
        close = get_close_matches(path.name, pictures, n=1, cutoff=0.5)
        hint = f" Did you mean `{close[0]}`?" if close else ""
        raise ValueError(
            f"There is no picture {path}.{hint} Expected a colour such as `#20304a` "
            "or a picture, its path seen from the script's folder."
        )
    data = np.fromfile(path, "uint8")
    if not len(data) or cv2.imdecode(data, cv2.IMREAD_REDUCED_COLOR_8) is None:
        raise ValueError(f"{path} is no picture that can be read. Use JPEG or PNG.")
    return str(path)


def check_lower_third(text, folder, engine):
    """`(name, role)`; None takes it away."""
    if not text:
        return None
    name, *role = re.split("[,，]", check_length(text), maxsplit=1)
    if not name.strip():
        raise ValueError(
            f"Expected `[lower-third Name, role]`, received no name in {text!r}."
        )
    return name.strip(), "".join(role).strip()


def check_caption(text, folder, engine):
    """The caption; empty takes it away."""
    return check_length(text)


def check_title(text, folder, engine):
    if not text:
        raise ValueError("Expected a title, such as `[chapter Weather]`.")
    return check_length(text)


def check_length(text):
    if len(text) > LONGEST_TEXT:
        raise ValueError(
            f"Expected at most {LONGEST_TEXT} characters to show, received {len(text)}."
        )
    return text


KINDS = {
    "pause": Kind("pause 0.5", check_pause),
    "mood": Kind("mood friendly", check_mood),
    "look": Kind("look left", check_look),
    "nod": Kind("nod", check_nothing),
    "voice": Kind("voice zh-female", check_voice),
    "background": Kind("background studio.jpg", check_background),
    "lower-third": Kind("lower-third Name, role", check_lower_third),
    "caption": Kind("caption Text", check_caption),
    "chapter": Kind("chapter Title", check_title),
}
