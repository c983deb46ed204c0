"""An anchor at one place of a picture, enlarged and lit into it."""

import math

import cv2
import numpy as np

from keras_anchor.scene.light import Light
from keras_anchor.scene.shoulders import MARGIN, extend_shoulders

# Room for the light above the anchor's square, a share of its side.
HEADROOM = 0.08


class Placement:
    """Blends an anchor's frames into pictures like the one that it was made for.

    Args:
        backdrop: uint8 `(height, width, 3)`; its colours light the anchor.
        anchor_size: Side of the anchor's frames.
        left, top, side: The square in the picture that the anchor's frame fills, in
            pixels; it may reach over the edges. Its lower edge cuts the anchor, so it
            should be the picture's.

    Raises:
        ValueError: If nothing of the square lies inside the picture.
    """

    def __init__(self, backdrop, anchor_size, left, top, side):
        height, width = backdrop.shape[:2]
        if left >= width or top >= height or left + side <= 0 or top + side <= 0:
            raise ValueError("The anchor's square lies outside the picture.")
        self.anchor_size, scale = anchor_size, side / anchor_size
        self.margin = round(MARGIN * anchor_size)
        self.headroom = round(HEADROOM * anchor_size)
        # The columns of the widened anchor that the picture shows.
        first = max(-self.margin, math.floor(-left / scale))
        end = anchor_size + self.margin
        last = min(end, math.ceil((width - left) / scale))
        self.columns = slice(first + self.margin, last + self.margin)
        bottom = min(height, round(top + side))
        left, top = round(left + first * scale), round(top - self.headroom * scale)
        # To the last row, however it rounds.
        self.area = round((last - first) * scale), bottom - top
        right = min(width, left + self.area[0])
        self.spot = slice(max(0, top), bottom), slice(max(0, left), right)
        self.inside = tuple(
            slice(part.start - start, part.stop - start)
            for part, start in zip(self.spot, (top, left), strict=True)
        )
        size = last - first, anchor_size + self.headroom
        behind = cv2.resize(backdrop[self.spot], size, interpolation=cv2.INTER_AREA)
        self.light = Light(behind, anchor_size)

    def lay(self, rgba, frame):
        """Lays an anchor's frame, uint8 `(size, size, 4)`, over a picture, in place."""
        blend(frame[self.spot], self.enlarge(self.prepare(rgba)))

    def prepare(self, rgba):
        """The lit layer in the anchor's own pixels; see `Light`."""
        layer = extend_shoulders(premultiply(rgba), self.margin)[:, self.columns]
        layer = cv2.copyMakeBorder(
            layer, self.headroom, 0, 0, 0, cv2.BORDER_CONSTANT, value=0
        )
        return self.light(layer)

    def enlarge(self, layer):
        """The layer in the picture's pixels."""
        if self.area != layer.shape[1::-1]:
            shrinks = self.area[1] < layer.shape[0]
            method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
            layer = cv2.resize(layer, self.area, interpolation=method)
        return layer[self.inside]


def premultiply(rgba):
    alpha = np.ascontiguousarray(rgba[..., 3])
    colour = cv2.cvtColor(rgba, cv2.COLOR_RGBA2RGB)
    opacity = cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGB)
    colour = cv2.multiply(colour, opacity, scale=1 / 255)
    return cv2.merge([*cv2.split(colour), alpha])


def blend(under, layer):
    """Lays premultiplied colour over a picture, in place."""
    seen = cv2.cvtColor(cv2.extractChannel(layer, 3), cv2.COLOR_GRAY2RGB)
    dimmed = cv2.multiply(np.ascontiguousarray(under), seen, scale=1 / 255)
    under[:] = cv2.add(dimmed, cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB))


def check_alpha(rgba):
    """Raises `ValueError` unless a frame is `(size, size, 4)`."""
    if rgba.ndim != 3 or rgba.shape[0] != rgba.shape[1] or rgba.shape[2] != 4:
        raise ValueError(
            "Expected an anchor's frame with alpha, (size, size, 4), received "
            f"{rgba.shape}. An anchor without alpha has its background in the picture "
            "already: make it from footage again, with its background taken away."
        )
