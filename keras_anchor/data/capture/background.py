"""What lies behind a person, where the camera stands still."""

import cv2
import numpy as np

from keras_anchor.data.faces import Matte
from keras_anchor.data.video.frames import read_some
from keras_anchor.frames import resize

# So many frames are compared, and so many must show a place without the person.
NUM_FRAMES, MIN_SEEN = 24, 3
# What is less likely a person than this, and lies so far from one, as a share of the
# side, is background if it stands still.
MAX_MATTE, EDGE_SHARE = 0.5, 1 / 48
# A place whose colour changes more from frame to frame, `[0, 255]`, is not known.
MAX_CHANGE = 16.0


class Background:
    """The background of a clip, as far as its frames show it.

    Args:
        video_path: The clip.
        track: Its `Track`.
        size: Of the frames that are cut out of it, in pixels.
    """

    def __init__(self, video_path, track, size):
        self.size = size
        self.places = np.rint(
            (track.corners - track.corners.min(0)) * size / track.side
        )
        self.places = self.places.astype(int)
        width, height = self.places.max(0) + size
        spread = np.linspace(0, len(track.indices) - 1, NUM_FRAMES).astype(int)
        spread = np.unique(spread)
        seen = np.full((len(spread), height, width, 3), np.nan, "float32")
        segment = Matte()
        images = read_some(video_path, track.indices[spread])
        for layer, number, image in zip(seen, spread, images, strict=True):
            (left, top), side = track.corners[number], track.side
            picture = resize(image[top : top + side, left : left + side], size)
            is_free = shrink(segment(picture) < MAX_MATTE, EDGE_SHARE)
            self.cut(layer, number)[:] = np.where(is_free, picture, np.nan)
        counts = np.isfinite(seen[..., 0]).sum(0)
        middle = np.sort(seen, axis=0)  # What is not seen comes last.
        middle = np.take_along_axis(middle, (counts // 2)[None, ..., None], 0)[0]
        change = np.nan_to_num(np.abs(seen - middle)).mean(-1).sum(0)
        change /= np.maximum(counts, 1)
        is_known = (counts >= MIN_SEEN) & (change < MAX_CHANGE)
        self.known = is_known[..., None].astype("float32")
        self.colour = np.where(self.known, middle, 0.0)

    def cut(self, picture, number):
        """The part of a picture of the whole background that frame `number` shows."""
        left, top = self.places[number]
        return picture[top : top + self.size, left : left + self.size]

    def behind(self, number, picture, is_background):
        """Colours behind the person in frame `number`, and where they are known.

        Args:
            picture: `(size, size, 3)`, the frame.
            is_background: `(size, size, 1)` in `[0, 1]`, where nobody is seen.

        Returns:
            `(size, size, 3)` and `(size, size, 1)`, which also hold what this frame
            shows itself.
        """
        known = self.cut(self.known, number)
        both = known * is_background
        # The light of this frame may differ.
        change = (picture - self.cut(self.colour, number)) * both
        change = change.sum((0, 1)) / max(both.sum(), 1.0)
        colour = self.cut(self.colour, number) + change
        colour = picture * is_background + colour * (1.0 - is_background)
        return colour, np.maximum(known, is_background)


def shrink(is_there, share):
    """Takes away the edge of a region `(size, size)`, as a share of its side.

    Returns:
        `(size, size, 1)` float32, 0 or 1.
    """
    width = 2 * round(share * len(is_there)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    return cv2.erode(is_there.astype("float32"), kernel)[..., None]
