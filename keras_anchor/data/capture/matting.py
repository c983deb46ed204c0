"""Cuts the person out of the frames of a video."""

from collections import deque
from functools import partial
from itertools import chain, islice

import cv2
import numpy as np

from keras_anchor.data.ahead import ahead, map_ahead
from keras_anchor.data.capture.background import EDGE_SHARE, Background, shrink
from keras_anchor.data.faces import Matte
from keras_anchor.data.shards import fill
from keras_anchor.data.video.frames import read_frames
from keras_anchor.frames import resize

# Between these, the segmentation does not know, and near to its edge it is too coarse
# to tell.
SURE_BACKGROUND, SURE_PERSON = 0.1, 0.9
# Colours of person and background that differ less, `[0, 255]`, cannot be unmixed,
# and those that differ more can.
LOW_CONTRAST, HIGH_CONTRAST = 20.0, 60.0
# Less than this share of either, in a mixture, is noise.
NOISE = 0.1
# A hole that is larger, as a share of the side, is one.
HOLE_SHARE = 1 / 32
# Videos hold colour at half their size and blur it across edges, so far, as a share of
# the side; what is more see-through than the second is an edge, than the third nothing.
COLOUR_SHARE, EDGE_ALPHA, FAINT = 1 / 80, 0.9, 0.1
# A background of that much stronger tint, in units of Cr and Cb, shines through.
TINTED = 30.0
# The segmentation looks again at a square this much larger, if the picture has it.
CONTEXT_SCALE, MIN_CONTEXT_SCALE, CONTEXT_SIZE = 2.0, 1.3, 256


def cut_frames(video_path, track, size, progress):
    """Yields uint8 RGBA `(size, size, 4)` of the tracked frames.

    A matte is the median of three in time: flicker goes, moving edges stay sharp. The
    light is kept as it is in most of the clip.
    """
    background, gains = Background(video_path, track, size), track.gains

    def cut(number, picture, matte):
        frame = unmix(picture, matte, partial(background.behind, number))
        colour = frame[..., :3] * gains[number]
        frame[..., :3] = np.clip(np.rint(colour), 0, 255)
        return frame

    pictures = steady(ahead(cut_pictures(video_path, track, size)))
    numbered = ((number, *pair) for number, pair in enumerate(pictures))
    for count, frame in enumerate(map_ahead(cut, numbered), 1):
        yield frame
        progress("write", count, len(track.indices))


def steady(pairs):
    """Yields pictures with the median of their matte and those before and after."""
    waiting, mattes = None, deque(maxlen=3)
    for picture, matte in chain(pairs, [(None, None)]):
        mattes.append(mattes[-1] if matte is None else matte)
        if waiting is None:
            mattes.append(matte)
        else:
            before, now, after = mattes
            low, high = np.minimum(before, after), np.maximum(before, after)
            yield waiting, np.clip(now, low, high)
        waiting = picture


def cut_pictures(video_path, track, size):
    """Yields the crop `(size, size, 3)` and its matte, if a face was tracked."""
    segment = Matte()
    squares = dict(zip(track.indices.tolist(), track.corners.tolist(), strict=True))
    first, last = track.indices[[0, -1]].tolist()
    images = islice(read_frames(video_path, first), last + 1 - first)
    for index, image in enumerate(images, first):
        if index in squares:
            square = *squares[index], track.side
            picture = resize(cut_square(image, square), size)
            matte = segment(picture)
            wider = enlarge(square, track.width, track.height)
            if wider[2] > MIN_CONTEXT_SCALE * track.side:
                # Furniture that looks like a sleeve in one rarely does so in both.
                seen = segment(resize(cut_square(image, wider), CONTEXT_SIZE))
                matte = np.sqrt(matte * seen_inside(seen, wider, square, size))
            yield picture, matte


def unmix(picture, matte, behind):
    """Alpha and colours of the person where both are seen through hair and edges.

    Near the edge of the coarse matte, the person's colours are continued from inside,
    and each pixel is taken for a mixture of them and the background's: `picture =
    alpha person + (1 - alpha) background`, solved for alpha, then for the person
    (Porter and Duff, 1984, https://doi.org/10.1145/800031.808606).

    Args:
        picture: uint8 `(size, size, 3)`.
        matte: `(size, size)` in `[0, 1]`.
        behind: `Background.behind` of this frame.

    Returns:
        uint8 RGBA `(size, size, 4)`, straight alpha.
    """
    is_person = shrink(matte > SURE_PERSON, EDGE_SHARE)
    is_free = shrink(matte < SURE_BACKGROUND, EDGE_SHARE)
    colour, matte = picture.astype("float32"), matte[..., None]
    person = fill(colour, is_person)
    background = fill(*behind(colour, is_free))
    alpha = is_person.copy()
    mixed = np.flatnonzero(is_person + is_free == 0.0)
    put(alpha, mixed, solve_alpha(*pick(mixed, colour, person, background, matte)))
    alpha = np.maximum(alpha, matte * find_holes(alpha, is_free))
    alpha = alpha * find_attached(alpha, is_person)
    edge = find_edge(alpha)
    near = np.flatnonzero((edge > 0.0) & (alpha > 0.0))
    parts = pick(near, colour, person, background, alpha, edge)
    put(colour, near, solve_colour(*parts))
    frame = np.concatenate([colour, 255.0 * alpha], -1)
    return np.rint(np.clip(frame, 0.0, 255.0)).astype("uint8")


def pick(places, *pictures):
    """Pixels `(n, channels)` of pictures, by their places in reading order."""
    return [
        picture.reshape(-1, picture.shape[-1]).take(places, 0) for picture in pictures
    ]


def put(picture, places, pixels):
    picture.reshape(-1, picture.shape[-1])[places] = pixels


def solve_alpha(colour, person, background, matte):
    """Alpha `(n, 1)` of n pixels from three colours `(n, 3)`.

    Where person and background look alike, it is the coarse matte's.
    """
    across = person - background
    contrast = np.einsum("nc,nc->n", across, across)[:, None]
    alpha = np.einsum("nc,nc->n", colour - background, across)[:, None]
    alpha = alpha / np.maximum(contrast, 1.0)
    alpha = np.clip((alpha - NOISE) / (1.0 - 2.0 * NOISE), 0.0, 1.0)
    trust = (np.sqrt(contrast) - LOW_CONTRAST) / (HIGH_CONTRAST - LOW_CONTRAST)
    return matte + np.clip(trust, 0.0, 1.0) * (alpha - matte)


def solve_colour(colour, person, background, alpha, edge):
    """Colours `(n, 3)` of the person alone in n pixels.

    In the edge, by `edge` `(n, 1)`, its tint is taken from inside where the background
    has a stronger one, with which the video has blurred it.
    """
    unmixed = (colour - (1.0 - alpha) * background) / np.maximum(alpha, 0.1)
    # What little shows through is better guessed than divided.
    own = np.clip(alpha * unmixed + (1.0 - alpha) * person, 0.0, 255.0)
    own, inside, outside = (
        cv2.cvtColor(pixels[None], cv2.COLOR_RGB2YCrCb)
        for pixels in (own, person, background)
    )
    share = edge * np.clip((tint(outside) - tint(inside)) / TINTED, 0.0, 1.0)
    own[..., 1:] += share * (inside - own)[..., 1:]
    return cv2.cvtColor(own, cv2.COLOR_YCrCb2RGB)[0]


def tint(colour):
    """How far `(..., 1)` from grey, .5 to OpenCV, the Cr and Cb of floats are."""
    return np.linalg.norm(colour[..., 1:] - 0.5, axis=-1, keepdims=True)


def find_holes(alpha, is_free):
    """Where a person seems to have a small hole, no background near: jewellery.

    Returns:
        `(size, size, 1)` booleans.
    """
    is_open = np.uint8(alpha[..., 0] < 0.5)
    _, labels, facts, _ = cv2.connectedComponentsWithStats(is_open, connectivity=4)
    is_hole = facts[:, cv2.CC_STAT_AREA] < (HOLE_SHARE * len(alpha)) ** 2
    is_hole[labels[is_free[..., 0] > 0]] = False
    is_hole[0] = False  # Everything that is not open.
    grown = cv2.dilate(np.uint8(is_hole[labels]), np.ones((3, 3), "uint8"))
    return grown[..., None] > 0


def find_attached(alpha, is_person):
    """What hangs together with the person; the rest is background that has changed.

    Returns:
        `(size, size, 1)` booleans.
    """
    _, labels = cv2.connectedComponents(np.uint8(alpha[..., 0] > FAINT))
    is_attached = np.zeros(labels.max() + 1, bool)
    is_attached[labels[is_person[..., 0] > 0]] = True
    is_attached[0] = False  # Everything that is faint.
    return is_attached[labels][..., None]


def find_edge(alpha):
    """Where a video's colour is blurred with the background's: `(size, size, 1)`."""
    width = 2 * max(1, round(COLOUR_SHARE * len(alpha))) + 1
    is_open = np.uint8(alpha[..., 0] < EDGE_ALPHA)
    edge = cv2.dilate(is_open, np.ones((width, width), "uint8")).astype("float32")
    return cv2.GaussianBlur(edge, (width, width), 0)[..., None]


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
