"""What is behind the anchor: a studio, a colour, a picture."""

import os
from pathlib import Path

import cv2
import numpy as np

from keras_anchor.frames import parse_colour
from keras_anchor.scene.studio_set import make_studio


def make_backdrop(width, height, background=None):
    """A background `(height, width, 3)` uint8.

    Args:
        background: `#rrggbb`, `(red, green, blue)`, the path of a picture, which fills
            the frame and loses what stands over, or None for a studio.

    Raises:
        ValueError: For a picture that cannot be read or a colour that is none.
    """
    if background is None:
        return make_studio(width, height)
    if isinstance(background, str) and background.startswith("#"):
        background = parse_colour(background)
    if not isinstance(background, (str, os.PathLike)):
        colour = np.asarray(background, "float32")
        if colour.shape != (3,) or colour.min() < 0 or colour.max() > 255:
            raise ValueError(
                "Expected a background colour (red, green, blue) from 0 to 255, "
                f"received {background!r}."
            )
        return np.tile(colour.astype("uint8"), (height, width, 1))
    return cover(read_picture(background), width, height)


def read_picture(path):
    """A picture file as uint8 `(height, width, 3)`."""
    path = Path(path)
    data = np.frombuffer(path.read_bytes() if path.is_file() else b"", "uint8")
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    if picture is None:
        raise ValueError(
            f"Expected the background {str(path)!r} to be a picture or a colour such "
            "as `#20304a`. It cannot be read as either."
        )
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


def cover(picture, width, height):
    """Resizes a picture to fill a frame; its middle is kept."""
    scale = max(width / picture.shape[1], height / picture.shape[0])
    used_width, used_height = (round(length / scale) for length in (width, height))
    left = (picture.shape[1] - used_width) // 2
    top = (picture.shape[0] - used_height) // 2
    part = picture[top : top + used_height, left : left + used_width]
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(part, (width, height), interpolation=method)
