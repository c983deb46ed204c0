"""Pixels: uint8 and `[-1, 1]`, files, resizing, compositing with straight alpha."""

from pathlib import Path

import cv2
import numpy as np


def to_float(pixels):
    """uint8 `[0, 255]` to float32 `[-1, 1]`."""
    return np.asarray(pixels, "float32") / 127.5 - 1.0


def to_uint8(frames):
    """`[-1, 1]` to uint8 `[0, 255]`, rounded."""
    return np.clip(np.rint((np.asarray(frames) + 1.0) * 127.5), 0, 255).astype("uint8")


def write_picture(path, pixels):
    """Writes uint8 `(height, width, 3 or 4)`; the suffix says as what.

    OpenCV's `imwrite` would be silent about a full disk.
    """
    order = cv2.COLOR_RGBA2BGRA if pixels.shape[-1] == 4 else cv2.COLOR_RGB2BGR
    path = Path(path)
    path.write_bytes(cv2.imencode(path.suffix, cv2.cvtColor(pixels, order))[1])


def resize(pixels, size):
    """Resizes one uint8 frame `(height, width, 3 or 4)` to `(size, size)`.

    Colour is premultiplied while it is averaged: straight averages would mix in the
    hidden colour of transparent pixels and darken every edge.
    """
    shrinks = size <= pixels.shape[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    if pixels.shape[-1] == 3:
        return cv2.resize(pixels, (size, size), interpolation=method)
    alpha = pixels[..., 3:].astype("float32") / 255.0
    premultiplied = np.concatenate([pixels[..., :3] * alpha, alpha * 255.0], -1)
    small = cv2.resize(premultiplied, (size, size), interpolation=method)
    colour = small[..., :3] / np.maximum(small[..., 3:] / 255.0, 1e-3)
    return np.clip(
        np.rint(np.concatenate([colour, small[..., 3:]], -1)), 0, 255
    ).astype("uint8")


def composite(pixels, background):
    """Lays uint8 RGBA `(..., height, width, 4)` over a background.

    Args:
        background: Colour `(3,)` or picture broadcastable to the frame, `[0, 255]`.

    Returns:
        uint8 RGB of the frame's size; RGB input comes back as it is.
    """
    if pixels.shape[-1] == 3:
        return pixels
    alpha = pixels[..., 3:].astype("float32") / 255.0
    mixed = pixels[..., :3] * alpha + np.asarray(background, "float32") * (1.0 - alpha)
    return np.rint(mixed).astype("uint8")


def composite_tensor(frames, background):
    """Lays tensors or arrays `(..., 4)` in `[-1, 1]` over a background in `[-1, 1]`."""
    if frames.shape[-1] == 3:
        return frames
    alpha = (frames[..., 3:] + 1.0) * 0.5
    return frames[..., :3] * alpha + background * (1.0 - alpha)


def parse_colour(text):
    """`#rrggbb` to `(3,)` numbers in `[0, 255]`."""
    digits = text.removeprefix("#")
    try:
        if len(digits) != 6:
            raise ValueError
        return tuple(int(digits[i : i + 2], 16) for i in (0, 2, 4))
    except ValueError:
        raise ValueError(
            f"Expected a colour such as `#20304a`, received {text!r}."
        ) from None


def middles(num_frames, count):
    """Indices of the middles of up to `count` equal parts."""
    count = min(count, num_frames)
    return ((np.arange(count) + 0.5) * num_frames / count).astype(int)
