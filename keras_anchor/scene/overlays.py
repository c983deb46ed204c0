"""What is laid over the picture: a lower third that comes and goes, captions."""

import math

import numpy as np

from keras_anchor.scene.captions import wrap
from keras_anchor.scene.fonts import MEDIUM, REGULAR, SEMIBOLD, Font

ACCENT, PLATE, INK, SOFT_INK = (
    np.array(colour, "float32")
    for colour in ((226, 62, 48), (13, 20, 36), (255, 255, 255), (190, 203, 222))
)
COME_SECONDS, GO_SECONDS = 0.7, 0.4
# When, in shares of the coming, the line, the bar and the words appear, and for how
# long they move.
LINE_STAGE, BAR_STAGE, WORDS_STAGE = (0.0, 0.35), (0.2, 0.6), (0.55, 0.45)
PLATE_OPACITY, CAPTION_OPACITY = 0.88, 0.66
# Sizes are shares of the frame's shorter side.
NAME_SIZE, ROLE_SIZE, CAPTION_SIZE, SIDE_MARGIN = 0.05, 0.032, 0.043, 0.06
# Heights above the lower edge are shares of the frame's height.
LOW, CAPTION_LOW = 0.085, 0.045
# Of a caption's line, in sizes of its letters.
LINE_HEIGHT = 1.5


class LowerThird:
    """A bar with somebody's name and role, low in the picture.

    A line of colour grows first, a bar slides out of it, then the words appear.

    Args:
        name, role: One line each; `role` may be empty.
        start, end: Seconds of the film in which it is seen, coming and going included;
            by default all the time.
        font: A `Font`; None for the built-in ones.
        above_captions: Leaves the room below to captions.

    Raises:
        ValueError: Without a name, or for a character that the font lacks.
    """

    def __init__(
        self,
        name,
        role="",
        start=-math.inf,
        end=math.inf,
        font=None,
        above_captions=False,
    ):
        self.name, self.role = (" ".join(text.split()) for text in (name, role))
        if not self.name:
            raise ValueError("A lower third needs a name, received an empty one.")
        self.start, self.end = check_times(start, end)
        self.font = font or Font()
        self.font.check(self.name + self.role)
        self.above_captions = above_captions
        self.frame_size = None

    def lay(self, frame, seconds=0.0):
        """Lays it over a frame `(height, width, 3)` uint8, in place."""
        come = (seconds - self.start) / COME_SECONDS
        go = (self.end - seconds) / GO_SECONDS
        shown = min(come, go, 1.0)
        if shown <= 0.0:
            return
        if self.frame_size != frame.shape[:2]:
            self.draw(*frame.shape[:2])
        height, width = self.opacity.shape
        area = frame[self.top : self.top + height, self.left : self.left + width]
        grown = height - round(height * ease(shown, *LINE_STAGE))
        area[grown:, : self.line] = ACCENT
        reach = round((width - self.line) * ease(shown, *BAR_STAGE)) + self.line
        bar = area[:, self.line : reach]
        paint(bar, PLATE, PLATE_OPACITY)
        opacity = self.opacity[:, self.line : reach] * ease(shown, *WORDS_STAGE)
        paint(bar, self.ink[:, None], opacity[..., None])

    def draw(self, height, width):
        """Draws the words for frames of a size."""
        self.frame_size = height, width
        unit = min(height, width)
        self.left, self.line = round(SIDE_MARGIN * unit), max(2, round(0.008 * unit))
        pad, room = round(0.024 * unit), width - 2.5 * round(SIDE_MARGIN * unit)
        name, name_size = fit(self.font, self.name, NAME_SIZE * unit, SEMIBOLD, room)
        lines = [(name, name_size)]
        if self.role:
            lines.append(fit(self.font, self.role, ROLE_SIZE * unit, REGULAR, room))
        # Baselines from the top, letters being .85 of their size high.
        rows, edge = [], 0.7 * pad
        for _, size in lines:
            rows.append(round(edge + 0.85 * size))
            edge = rows[-1] + 0.42 * size
        bar_height = round(edge + 0.3 * pad)
        bar_width = self.line + 2 * pad + max(line.shape[1] for line, _ in lines)
        self.opacity = np.zeros((bar_height, bar_width), "float32")
        for (line, size), row in zip(lines, rows, strict=True):
            paste(self.opacity, line, row - round(1.4 * size), self.line + pad)
        self.ink = np.tile(INK, (bar_height, 1))
        if self.role:
            self.ink[rows[0] + round(0.3 * name_size) :] = SOFT_INK
        low = LOW * height
        if self.above_captions:
            two_lines = 2 * LINE_HEIGHT * CAPTION_SIZE * unit
            low = max(low, CAPTION_LOW * height + two_lines + pad)
        self.top = height - round(low) - bar_height


class Caption:
    r"""What is said, burnt into the picture.

    Args:
        text: Lines parted by `\n`; those too wide for the frame are broken.
        start, end: Seconds of the film in which it is seen; by default always.
        font: A `Font`; None for the built-in ones.

    Raises:
        ValueError: For a character that the font lacks.
    """

    def __init__(self, text, start=-math.inf, end=math.inf, font=None):
        self.text = text
        self.start, self.end = check_times(start, end)
        self.font = font or Font()
        self.font.check(text)
        self.frame_size = None

    def lay(self, frame, seconds=0.0):
        """Lays it over a frame `(height, width, 3)` uint8, in place."""
        if not self.start <= seconds < self.end:
            return
        if self.frame_size != frame.shape[:2]:
            self.draw(*frame.shape[:2])
        for top, left, opacity in self.lines:
            height, width = opacity.shape
            area = frame[top : top + height, left : left + width]
            paint(area, 0.0, CAPTION_OPACITY)
            paint(area, INK, opacity[..., None])

    def draw(self, height, width):
        """Draws the lines for frames of a size."""
        self.frame_size = height, width
        size = round(CAPTION_SIZE * min(height, width))
        pad, line_height = round(0.45 * size), round(LINE_HEIGHT * size)
        room = width * 0.9 - 2 * pad
        lines = [line.strip() for line in self.text.splitlines() if line.strip()]
        if any(self.font.width(line, size, MEDIUM) > room for line in lines):
            joint = "" if any(c > "\u2e80" for c in self.text) else " "
            lines = wrap(
                joint.join(lines), lambda t: self.font.width(t, size, MEDIUM), room
            )
        self.lines = []
        bottom = height - round(CAPTION_LOW * height)
        for index, text in enumerate(lines):
            line, line_size = fit(self.font, text, size, MEDIUM, room)
            opacity = np.zeros((line_height, line.shape[1] + 2 * pad), "float32")
            paste(opacity, line, round(1.1 * size) - round(1.4 * line_size), pad)
            top = bottom - (len(lines) - index) * line_height
            self.lines.append((top, (width - opacity.shape[1]) // 2, opacity))


def check_times(start, end):
    if not start < end:
        raise ValueError(
            f"Expected an end after the start, received {start:g} to {end:g} seconds."
        )
    return start, end


def ease(shown, begin, length):
    """From 0 to 1 within a part of the coming, slowing down."""
    return 1.0 - (1.0 - min(max((shown - begin) / length, 0.0), 1.0)) ** 3


def fit(font, text, size, weight, room):
    """A line's opacity, and the size at which it is at most `room` wide."""
    width = font.width(text, round(size), weight)
    size = round(size * min(1.0, room / max(width, 1)))
    return font.draw(text, size, weight), size


def paste(opacity, line, top, left):
    """Draws uint8 opacity into float opacity `[0, 1]`; rows outside are lost."""
    first, last = max(0, -top), min(len(line), len(opacity) - top)
    rows = slice(top + first, top + last)
    opacity[rows, left : left + line.shape[1]] = line[first:last] / np.float32(255)


def paint(area, colour, opacity):
    """Mixes a colour into a part of a frame, in place."""
    area[:] = np.rint(area + (colour - area.astype("float32")) * opacity)
