"""Teeth for a photo: a generic mouth's, lit as the photo is, and its own."""

import cv2
import numpy as np

from keras_anchor.data.landmarks import OVAL
from keras_anchor.data.photo.masks import EDGE, FINE, distance_inside, fill, rows_of
from keras_anchor.data.photo.motion import LIPS_INNER
from keras_anchor.data.presenters import mouth_interior as interior
from keras_anchor.frames import to_float

# Median skin of the presenter, sRGB: what the interior was lit for.
PRESENTER_SKIN = np.array([214.0, 166.0, 140.0])
LUMINANCE = np.array([0.30, 0.59, 0.11])
# How far teeth reach below where lips meet, and hide under the upper one, half frames.
TEETH_DROP, HIDDEN_TEETH = 0.022, 0.03


def draw_teeth(motions, still, box, tint):
    """Upper and lower teeth, two pictures `(height, width, 4)`: RGB and coverage."""
    upper, lower = (
        place_teeth(pixels, motions, box, len(still), tint)
        for pixels in interior.mouth_interior()
    )
    return show_own_teeth(upper, motions.points, still, box), lower


def place_teeth(pixels, motions, box, size, tint):
    """A picture of teeth `(height, width, 4)` where the photo's mouth has them."""
    left, top, right, _ = interior.BOX
    step = (right - left) / len(pixels)
    to_generic = np.array([[step, 0.0, left], [0.0, step, top], [0.0, 0.0, 1.0]])
    to_photo = np.vstack([motions.place, [0.0, 0.0, 1.0]])
    half, drop = size / 2.0, TEETH_DROP * motions.scale
    to_pixels = np.array(
        [[half, 0.0, half - box[0]], [0.0, half, half * (1.0 + drop) - box[1]]]
    )
    matrix = to_pixels @ to_photo @ to_generic
    # OpenCV counts from the centre of the first pixel.
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    alpha = pixels[..., 3:].astype("float32") / 255.0
    colour = tint(pixels[..., :3].astype("float32")) * alpha
    shape = (box[2] - box[0], box[3] - box[1])
    # Drawn large and reduced, or fine teeth would alias.
    matrix = FINE * matrix
    matrix[:, 2] += (FINE - 1) / 2.0
    drawn = cv2.warpAffine(
        np.concatenate([colour, alpha], -1), matrix, (FINE * shape[0], FINE * shape[1])
    )
    drawn = cv2.resize(drawn, shape, interpolation=cv2.INTER_AREA)
    alpha = drawn[..., 3:]
    colour = drawn[..., :3] / np.maximum(alpha, 1e-3)
    return np.concatenate([to_float(colour), alpha], -1).astype("float32")


def show_own_teeth(picture, points, still, box):
    """What parted lips show in the photo, over the generic upper teeth."""
    left, upper, lower, right = LIPS_INNER
    contour = points[[left, *upper, right, *reversed(lower)]]
    # Right at the lips lies their shadow.
    known = distance_inside(contour, len(still)) > EDGE
    if not known.any():
        return picture
    # They go on under the lip, which may be raised.
    contour[1 : len(upper) + 1, 1] -= HIDDEN_TEETH
    share = np.clip(distance_inside(contour, len(still)) / EDGE, 0.0, 1.0)
    own = np.dstack([fill(still[..., :3], known), np.ones_like(share)])
    own, share = own[rows_of(box)], share[rows_of(box)][..., None]
    return picture + (own - picture) * share


def choose_tint(pixels, points):
    """A function that lights colours `(..., 3)` of the interior as the photo is lit."""
    size = len(pixels)
    face = distance_inside(points[list(OVAL)], size) > 0.08 * size
    skin = np.maximum(np.median(pixels[face][:, :3].astype("float32"), 0), 1.0)
    light = skin @ LUMINANCE
    gain = np.clip(light / (PRESENTER_SKIN @ LUMINANCE), 0.35, 1.1)
    spread = np.ptp(skin) / skin.max()
    richness = np.clip(spread / (np.ptp(PRESENTER_SKIN) / PRESENTER_SKIN.max()), 0, 1)
    cast = (skin / light) / (PRESENTER_SKIN / (PRESENTER_SKIN @ LUMINANCE))

    def tint(colour):
        grey = (colour @ LUMINANCE)[..., None]
        colour = grey + richness * (colour - grey)
        return gain * colour * (1.0 + 0.5 * richness * (cast - 1.0))

    return tint
