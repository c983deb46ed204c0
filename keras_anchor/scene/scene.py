"""A film frame: the anchor, placed and lit before a background, under titles."""

from keras_anchor.scene.backdrops import make_backdrop
from keras_anchor.scene.placement import Placement, check_alpha

# Width and height in shares of the shorter side, and that side in pixels; None is the
# anchor's own.
FORMATS = {"1:1": (1, 1, None), "16:9": (16 / 9, 1, 1080), "9:16": (1, 16 / 9, 1080)}
# The anchor's square: its side as a share of the frame's height, and how far a place
# at the side lies from the middle, as a share of the width.
SIDES = {"1:1": 1.0, "16:9": 0.93, "9:16": 0.74}
SHIFTS = {"1:1": 0.12, "16:9": 0.18, "9:16": 0.1}
PLACES = {"left": -1, "centre": 0, "right": 1}
SMALLEST, LARGEST = 16, 4320


class Scene:
    """Composes an anchor's frames into film frames.

    The anchor stands where a newsreader would: the lower edge cuts the shoulders, and
    what its square frame cut off at the sides goes on. Only where it lies is the
    background blended.

    Args:
        format: `1:1`, the anchor's own frame; `16:9`, 1920 x 1080; `9:16`, 1080 x 1920.
        background: See `make_backdrop`; None for a studio made for the format.
        size: The shorter side in pixels; by default the anchor's own in `1:1`, and
            1080.
        place: `left`, `centre` or `right`.

    Raises:
        ValueError: For a format, place, size or background that there is none.
    """

    def __init__(self, format="1:1", background=None, size=None, place="centre"):
        for what, given, known in (
            ("frame format", format, FORMATS),
            ("place", place, PLACES),
        ):
            if given not in known:
                raise ValueError(
                    f"Unknown {what} {given!r}. Known: {', '.join(known)}."
                )
        if size is not None and not SMALLEST <= size <= LARGEST:
            raise ValueError(
                f"Expected a size from {SMALLEST} to {LARGEST} pixels, received {size}."
            )
        self.format, self.place, self.background = format, place, background
        self.backdrop = self.placement = None
        if size := size or FORMATS[format][2]:
            self.make(size)
        elif background is not None:
            # What cannot be read is told now, not at the first frame.
            make_backdrop(SMALLEST, SMALLEST, background)

    def make(self, size):
        """Makes the background, in even numbers of pixels, as films want them."""
        wide, high, _ = FORMATS[self.format]
        width, height = (2 * round(size * share / 2) for share in (wide, high))
        self.backdrop = make_backdrop(width, height, self.background)

    def compose(self, rgba, overlays=(), seconds=0.0):
        """One film frame.

        Args:
            rgba: The anchor's frame, uint8 `(size, size, 4)`, alpha straight.
            overlays: What is laid over it, such as `LowerThird` and `Caption`.
            seconds: Since the film's start, for overlays that come and go.

        Returns:
            uint8 `(height, width, 3)`.

        Raises:
            ValueError: If the anchor's frame has no alpha.
        """
        check_alpha(rgba)
        if self.placement is None or self.placement.anchor_size != len(rgba):
            self.place_anchor(len(rgba))
        frame = self.backdrop.copy()
        self.placement.lay(rgba, frame)
        for overlay in overlays:
            overlay.lay(frame, seconds)
        return frame

    def place_anchor(self, anchor_size):
        if self.backdrop is None:
            self.make(anchor_size)
        height, width = self.backdrop.shape[:2]
        side = SIDES[self.format] * height
        shift = PLACES[self.place] * SHIFTS[self.format] * width
        left = (width - side) / 2 + shift
        self.placement = Placement(
            self.backdrop, anchor_size, left=left, top=height - side, side=side
        )
