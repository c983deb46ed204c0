"""A lesson's frames: the slide, the anchor in its corner, captions."""

from functools import lru_cache

import cv2

from keras_anchor.scene.overlays import Caption
from keras_anchor.scene.placement import Placement, check_alpha

TURN_SECONDS = 0.4
CORNERS = "left", "right"
# Of the anchor's square that a corner's side cuts off: shoulders, no more.
CUT = 0.06
SMALLEST, LARGEST = 0.1, 1.0
NUM_SLIDES = 4


class Stage:
    """Composes slides and an anchor.

    Args:
        slides: `Slides`.
        width, height: Of the film, in pixels.
        corner: `left` or `right`, at the lower edge.
        size: The anchor's height as a share of the film's.
        font: Of captions, a `Font`; None for the built-in ones.

    Raises:
        ValueError: For a corner, size or height that there is none.
    """

    def __init__(
        self, slides, width=1920, height=1080, corner="right", size=0.36, font=None
    ):
        if corner not in CORNERS:
            raise ValueError(
                f"Unknown corner {corner!r}. Known: {', '.join(CORNERS)}, at the lower "
                "edge."
            )
        if not SMALLEST <= size <= LARGEST:
            raise ValueError(
                f"Expected the anchor's size as a share of the film's height from "
                f"{SMALLEST} to {LARGEST}, received {size:g}."
            )
        if height % 2 or not 90 <= height <= 4320:
            raise ValueError(
                f"Expected an even height from 90 to 4320 pixels, received {height}."
            )
        self.slides, self.width, self.height = slides, width, height
        self.corner, self.side, self.font = corner, size * height, font
        # As many as one film frame shows, and a few for notes that go back.
        self.picture = lru_cache(NUM_SLIDES)(self.draw)
        self.placement = lru_cache(NUM_SLIDES)(self.place)

    def draw(self, number):
        return self.slides.draw(number, self.width, self.height)

    def place(self, number, anchor_size):
        left = -CUT * self.side
        if self.corner == "right":
            left = self.width - self.side - left
        return Placement(
            self.picture(number),
            anchor_size,
            left=left,
            top=self.height - self.side,
            side=self.side,
        )

    def compose(self, rgba, slide, seconds=1e9, previous=None, overlays=()):
        """One film frame.

        Args:
            rgba: The anchor's frame, uint8 `(size, size, 4)`.
            slide: Number of the slide.
            seconds: Since it came; fades over from `previous`.
            previous: Number of the slide before, or None.
            overlays: Such as `Caption`, which get `seconds`.

        Returns:
            uint8 `(height, width, 3)`.
        """
        check_alpha(rgba)
        frame = self.picture(slide).copy()
        if previous not in (None, slide) and seconds < TURN_SECONDS:
            share = seconds / TURN_SECONDS
            frame = cv2.addWeighted(
                frame, share, self.picture(previous), 1.0 - share, 0.0
            )
        self.placement(slide, len(rgba)).lay(rgba, frame)
        for overlay in overlays:
            overlay.lay(frame, seconds)
        return frame

    def composer(self, slide, previous=None, captions=()):
        """A function of the anchor's frame and seconds that composes film frames."""
        overlays = [
            Caption(text, start, end, self.font) for start, end, text in captions
        ]
        return lambda rgba, seconds: self.compose(
            rgba, slide, seconds, previous, overlays
        )
