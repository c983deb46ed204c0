"""Masks and colours of a photo's parts, drawn in the frame."""

import cv2
import numpy as np

# Outlines are drawn at this many times the frame's size.
FINE = 4
# Pixels over which a lip or lid ends.
EDGE = 1.2


def from_pixels(box, size):
    """Left, top, right, bottom in half frames, `[-1, 1]`, of a box in pixels."""
    return np.array(box) * 2.0 / size - 1.0


def rows_of(box):
    """The slices that cut a box out of a frame."""
    left, top, right, bottom = box
    return slice(top, bottom), slice(left, right)


def centres(box, rows, columns):
    """`(rows, columns, 2)` centres of the cells of a box in half frames."""
    left, top, right, bottom = box
    xs = left + (np.arange(columns) + 0.5) / columns * (right - left)
    ys = top + (np.arange(rows) + 0.5) / rows * (bottom - top)
    return np.stack(np.meshgrid(xs, ys), -1)


def ramp(values, low, high):
    """0 at `low`, 1 at `high`, smooth between them."""
    share = np.clip((values - low) / (high - low), 0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)


def distance_inside(polygon, size):
    """Pixels `(size, size)` to the border of a polygon, negative outside.

    Args:
        polygon: `(n, 2)` in half frames.
    """
    corners = np.rint((np.asarray(polygon) + 1.0) * (size * FINE / 2.0) * 16.0)
    canvas = np.zeros((size * FINE, size * FINE), "uint8")
    cv2.fillPoly(canvas, [corners.astype("int32")], 255, shift=4)
    inside = cv2.distanceTransform(canvas, cv2.DIST_L2, 5)
    outside = cv2.distanceTransform(255 - canvas, cv2.DIST_L2, 5)
    distance = (inside - outside) / FINE
    return cv2.resize(distance, (size, size), interpolation=cv2.INTER_AREA)


def side_of(line, is_lower):
    """The polygon above, or below, a line `(n, 2)` that goes on to both sides."""
    along = line[-1] - line[0]
    along = along / np.linalg.norm(along)
    line = np.concatenate([[line[0] - 4.0 * along], line, [line[-1] + 4.0 * along]])
    far = np.array([0.0, 4.0 if is_lower else -4.0])
    return np.concatenate([line, line[::-1] + far])


def fill(picture, is_known, largest=16):
    """Carries the known colours of `(size, size, 3)` on to where none is known.

    Args:
        is_known: `(size, size)` booleans.
        largest: Standard deviation of the widest blur, in pixels.
    """
    picture = picture.astype("float32")
    known = is_known.astype("float32")[..., None]
    result, missing, sigma = picture * known, 1.0 - known, 1
    while sigma <= largest:
        total = cv2.GaussianBlur(picture * known, (0, 0), sigma)
        share = cv2.GaussianBlur(known, (0, 0), sigma)[..., None]
        certain = np.clip(share * 8.0, 0.0, 1.0)
        result = result + missing * certain * total / np.maximum(share, 1e-6)
        missing, sigma = missing * (1.0 - certain), 2 * sigma
    return result + missing * picture
