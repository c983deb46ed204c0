"""Cuts the person out of the frames of a video."""

from collections import deque
from itertools import chain

import cv2
import numpy as np

from keras_anchor.data.faces import Matte
from keras_anchor.data.video import ahead, read_frames
from keras_anchor.frames import resize

# What the segmentation finds less likely than this is background, hair's fringe too.
MATTE_LOW, MATTE_HIGH = 0.45, 0.95
# The segmentation looks again at a square this much larger, if the picture has it.
CONTEXT_SCALE, MIN_CONTEXT_SCALE, CONTEXT_SIZE = 2.0, 1.3, 256


def cut_frames(video_path, track, size, progress):
    """Yields uint8 RGBA `(size, size, 4)` of the tracked frames.

    A matte is the median of three in time: flicker goes, moving edges stay sharp.
    """
    pairs = chain(ahead(cut_pictures(video_path, track, size)), [(None, None)])
    waiting, mattes, count = None, deque(maxlen=3), 0
    for picture, matte in pairs:
        mattes.append(mattes[-1] if matte is None else matte)
        if waiting is None:
            mattes.append(matte)
        else:
            before, now, after = mattes
            low, high = np.minimum(before, after), np.maximum(before, after)
            alpha = np.clip(now, low, high)
            yield np.concatenate([waiting, alpha[..., None]], -1)
            count += 1
            progress("write", count, len(track.indices))
        waiting = picture


def cut_pictures(video_path, track, size):
    """Yields the crop `(size, size, 3)` and its uint8 matte, if a face was tracked."""
    segment, wanted = Matte(), set(track.indices.tolist())
    for index, image in enumerate(read_frames(video_path)):
        if index in wanted:
            picture = resize(cut_square(image, track.crop), size)
            matte = segment(picture)
            wider = enlarge(track.crop, track.width, track.height)
            if wider[2] > MIN_CONTEXT_SCALE * track.crop[2]:
                # Furniture that looks like a sleeve in one rarely does so in both.
                seen = segment(resize(cut_square(image, wider), CONTEXT_SIZE))
                matte = np.sqrt(matte * seen_inside(seen, wider, track.crop, size))
            alpha = (matte - MATTE_LOW) / (MATTE_HIGH - MATTE_LOW)
            yield picture, np.rint(np.clip(alpha, 0.0, 1.0) * 255.0).astype("uint8")


def cut_square(image, square):
    left, top, side = square
    return image[top : top + side, left : left + side]


def enlarge(square, width, height):
    """A larger square `(left, top, side)` about the same centre, inside the picture."""
    left, top, side = square
    larger = min(round(CONTEXT_SCALE * side), width, height)
    margin = (larger - side) // 2
    left, top = max(left - margin, 0), max(top - margin, 0)
    return min(left, width - larger), min(top, height - larger), larger


def seen_inside(matte, outer, inner, size):
    """The part `(size, size)` of a matte of the outer square that shows the inner."""
    scale = len(matte) / outer[2]
    left, top = (inner[0] - outer[0]) * scale, (inner[1] - outer[1]) * scale
    step = inner[2] * scale / size
    shift = step / 2.0 - 0.5
    matrix = np.array([[step, 0.0, left + shift], [0.0, step, top + shift]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(
        matte, matrix, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
