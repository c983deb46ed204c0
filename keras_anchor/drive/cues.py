"""What a director asks of an anchor while it speaks."""

import math
from dataclasses import dataclass

from keras_anchor.drive.moods import find_mood

# Where a look goes, right and up in the picture, in radians. Left is the anchor's own,
# which is right in the picture.
LOOKS = {
    "left": (0.30, 0.0),
    "right": (-0.30, 0.0),
    "up": (0.04, 0.20),
    "down": (0.0, -0.26),
    "camera": (0.0, 0.0),
}
KINDS = "mood", "look", "nod"


@dataclass(frozen=True)
class Cue:
    """Something to do at a time.

    `kind` is `mood`, `look` or `nod`; `value` a mood's name, or `left`, `right`, `up`,
    `down`, `camera`, as the anchor itself sees it; empty for a nod. `seconds` count
    from the start of the speech.
    """

    seconds: float
    kind: str
    value: str = ""


def check_cues(cues):
    """Cues in order of time.

    Raises:
        ValueError: For a time, a kind or a value that there is not.
    """
    for cue in cues:
        if not math.isfinite(cue.seconds) or cue.seconds < 0.0:
            raise ValueError(
                f"Expected a cue at 0 seconds or later, received {cue.seconds!r} for "
                f"{cue.kind} {cue.value}."
            )
        if cue.kind not in KINDS:
            raise ValueError(f"Unknown cue {cue.kind!r}. Known: {', '.join(KINDS)}.")
        if cue.kind == "look" and cue.value not in LOOKS:
            raise ValueError(f"Unknown look {cue.value!r}. Known: {', '.join(LOOKS)}.")
        if cue.kind == "mood":
            find_mood(cue.value)
        if cue.kind == "nod" and cue.value:
            raise ValueError(f"Expected a nod without a value, received {cue.value!r}.")
    return sorted(cues, key=lambda cue: cue.seconds)
