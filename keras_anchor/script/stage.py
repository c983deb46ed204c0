"""What is around the anchor while a paragraph lasts: background, titles, captions."""

from functools import lru_cache
from itertools import pairwise

from keras_anchor.scene.overlays import GO_SECONDS, Caption, LowerThird
from keras_anchor.scene.scene import Scene

# A scene holds a background as large as the film.
NUM_SCENES = 4
# Seconds below which nobody reads what is left of a caption.
SHORTEST = 0.5


class Stage:
    """Composes a paragraph's frames.

    Args:
        paragraph: A `Paragraph`.
        spoken: Its `Spoken`.
        format: `1:1`, `16:9` or `9:16`.
        background: Of the film, where the script names none; see `Scene`.
        captions: `[(start, end, text), ...]` in seconds, to be seen in the picture.
        font: A `Font`; None for the built-in ones.

    Call arguments:
        pixels: The anchor's frame, uint8 `(size, size, 4)`.
        seconds: Since the paragraph's start.

    Returns:
        uint8 `(height, width, 3)`.
    """

    def __init__(
        self, paragraph, spoken, format, background=None, captions=(), font=None
    ):
        cues = list(zip(spoken.times, paragraph.cues, strict=True))
        self.format = format
        state = paragraph.state
        named = [(0.0, state.background)] + [
            (time, cue.value) for time, cue in cues if cue.kind == "background"
        ]
        self.backgrounds = [(time, value or background) for time, value in named]
        written = find_captions(cues, spoken.speech.seconds)
        self.overlays = [
            *make_lower_thirds(cues, state.lower_third, font),
            *(
                Caption(text, start, end, font)
                for start, end, text in [*written, *spare(captions, written)]
            ),
        ]

    def __call__(self, pixels, seconds):
        background = [
            value for time, value in self.backgrounds if time <= seconds + 1e-6
        ][-1]
        scene = make_scene(self.format, background)
        return scene.compose(pixels, self.overlays, seconds)


@lru_cache(NUM_SCENES)
def make_scene(format, background):
    return Scene(format, background)


def find_captions(cues, seconds):
    """What `[caption …]` asks for: `[(start, end, text), ...]`."""
    changes = [(time, cue.value) for time, cue in cues if cue.kind == "caption"]
    return [
        (time, end, text)
        for (time, text), (end, _) in pairwise([*changes, (seconds, "")])
        if text and end > time
    ]


def spare(captions, written):
    """What is left of captions when those that the script writes take their place."""
    for first, last, _ in written:
        parts = []
        for start, end, text in captions:
            parts.append((start, min(end, first), text))
            parts.append((max(start, last), end, text))
        captions = [part for part in parts if part[1] - part[0] > SHORTEST]
    return captions


def make_lower_thirds(cues, standing, font=None):
    """The bars of a paragraph; the one that stands at its start has come before."""
    changes = [(time, cue.value) for time, cue in cues if cue.kind == "lower-third"]
    bars, start = [], float("-inf")
    for time, following in [*changes, (float("inf"), None)]:
        gone = time + GO_SECONDS if standing else time
        if standing and gone > start:
            bars.append(LowerThird(*standing, start, gone, font, above_captions=True))
        start, standing = gone, following
    return bars
