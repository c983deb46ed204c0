"""Moods, read and checked, and how one turns into another."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keras_anchor import controls as ctl

MOODS_PATH = Path(__file__).with_name("moods.json")
# Seconds in which a mood changes.
CHANGE_SECONDS = 0.5
# Lowest and highest of each number of a mood.
LIMITS = {
    "smile_play": (0.0, 0.3),
    "brow_rise": (0.0, 1.0),
    "brow_share": (0.0, 1.0),
    "nod": (0.0, 3.0),
    "sway": (0.0, 3.0),
    "gaze": (0.0, 3.0),
    "blink_seconds": (1.5, 20.0),
    "breaths_per_minute": (4.0, 40.0),
    "openness": (0.0, 2.0),
    "pace": (0.5, 2.0),
}
# What would part the lips of a face at rest, or is not the mood's to say.
FORBIDDEN = (
    "jaw",
    "mouthFunnel",
    "mouthLowerDown",
    "mouthUpperUp",
    "mouthClose",
    "tongue",
    "eyeLook",
    "eyeBlink",
    "breath",
)


@dataclass(frozen=True)
class Mood:
    """One of `moods.json`.

    Args:
        expression: `(62,)` the face at rest.
        numbers: `{name of LIMITS: number}`.
    """

    expression: np.ndarray
    numbers: dict


@functools.lru_cache(maxsize=8)
def load_moods(path=MOODS_PATH):
    """`{name: Mood}` of a JSON file in the form of the package's own.

    Raises:
        ValueError: If it is no JSON, lacks something, or says what it may not.
    """
    try:
        moods = json.loads(Path(path).read_text(encoding="utf-8"))["moods"]
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{path} is no JSON: line {error.lineno}, column {error.colno}: "
            f"{error.msg}."
        ) from None
    except (KeyError, TypeError):
        raise ValueError(f"{path} lacks `moods`, an object of moods by name.") from None
    return {name: read_mood(path, name, entry) for name, entry in moods.items()}


def read_mood(path, name, entry):
    """A `Mood` of what the file says of it."""
    keys = {"expression", *LIMITS}
    if not isinstance(entry, dict) or set(entry) != keys:
        raise ValueError(
            f"{path}: expected the mood {name!r} to have {sorted(keys)}, received "
            f"{sorted(entry) if isinstance(entry, dict) else entry!r}."
        )
    for key, (low, high) in LIMITS.items():
        value = entry[key]
        if not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(
                f"{path}: expected `{key}` of the mood {name!r} from {low:g} to "
                f"{high:g}, received {value!r}."
            )
    if parted := [c for c in entry["expression"] if is_forbidden(c)]:
        raise ValueError(
            f"{path}: the expression of the mood {name!r} may not use {parted}: lips "
            "rest shut, and gaze, blinks and breath go their own way."
        )
    controls = {}
    for control, value in entry["expression"].items():
        sides = ("Left", "Right") if f"{control}Left" in ctl.INDEX else ("",)
        controls.update({control + side: value for side in sides})
    ctl.check_names(controls, f" in {path}, mood {name!r}")
    return Mood(ctl.pack(controls), {key: float(entry[key]) for key in LIMITS})


def is_forbidden(control):
    return control.startswith(FORBIDDEN)


def find_mood(name):
    """The `Mood` of a name.

    Raises:
        ValueError: If there is none, listing those that there are.
    """
    moods = load_moods()
    if name not in moods:
        raise ValueError(f"Unknown mood {name!r}. Known: {', '.join(moods)}.")
    return moods[name]


class MoodTimeline:
    """Which mood when: it changes at a time, in about half a second.

    Args:
        name: The first mood.
    """

    def __init__(self, name):
        self.changes = [(-np.inf, 1.0, find_mood(name))]

    def change(self, seconds, name, duration=CHANGE_SECONDS):
        self.changes.append((seconds, duration, find_mood(name)))
        self.changes.sort(key=lambda change: change[0])

    def forget(self, seconds):
        """Drops changes that would begin later."""
        self.changes = [change for change in self.changes if change[0] <= seconds]

    def at(self, seconds):
        """The `Mood` that has begun last."""
        return [m for start, _, m in self.changes if start <= seconds][-1]

    def blend(self, times, read):
        """`read(mood)`, number or `(62,)`, at `times`: `(num_times, ...)`."""
        before = np.asarray(read(self.changes[0][2]), "float64")
        values = np.broadcast_to(before, (len(times), *before.shape)).copy()
        for start, duration, mood in self.changes[1:]:
            after = np.asarray(read(mood), "float64")
            share = smoothstep((times - start) / duration)
            values += np.multiply.outer(share, after - before)
            before = after
        return values

    def number(self, times, name):
        """A number of the moods at `times`, `(num_times,)`."""
        return self.blend(times, lambda mood: mood.numbers[name])

    def expression(self, times):
        """Resting faces `(num_times, 62)`."""
        return self.blend(times, lambda mood: mood.expression)

    def count_breaths(self, times):
        """How many breaths were taken by `times`, with fractions: `(num_times,)`."""
        paces = [m.numbers["breaths_per_minute"] / 60.0 for _, _, m in self.changes]
        breaths = paces[0] * times
        for (start, duration, _), before, after in zip(
            self.changes[1:], paces, paces[1:], strict=False
        ):
            x = np.maximum((times - start) / duration, 0.0)
            # The integral of `smoothstep`.
            inside = np.minimum(x, 1.0)
            grown = inside**3 - inside**4 / 2.0 + np.maximum(x - 1.0, 0.0)
            breaths = breaths + (after - before) * duration * grown
        return breaths


def smoothstep(x):
    """0 below 0, 1 above 1, smooth between."""
    x = np.clip(x, 0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)
