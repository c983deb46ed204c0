"""What one picture of a face is like: light, sharpness, framing, what hides it."""

from dataclasses import dataclass

import cv2
import numpy as np

from keras_anchor.data.faces import (
    DETECTOR_SIZE,
    crop_matrix,
    crop_of_landmarks,
    cut,
    overlap,
)
from keras_anchor.data.landmarks import OVAL

# Faces are judged at this size: what training sees, whatever the camera gave.
PATCH_SIZE = 192
RIGHT_CHEEK_EDGE, LEFT_CHEEK_EDGE = 234, 454
FOREHEAD = (9, 108, 151, 337)
# Outlines in the order of drawing, of the 478 landmarks.
# fmt: off
LIPS_OUTSIDE = (
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39,
    40, 185,
)
LIPS_INSIDE = (
    78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81,
    80, 191,
)
EYES = (
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
)
# fmt: on
# A detection is a second face if it hardly overlaps the first.
MIN_FACE_SCORE, MAX_FACE_OVERLAP = 0.6, 0.1
WHITE = 250


@dataclass
class FacePicture:
    """One picture of a face.

    Args:
        face_width: From ear to ear, pixels.
        margin: Least distance of the face from the border, face widths; negative
            where the border cuts it.
        brightness: Of the face's brightest parts, `[0, 255]`: the 95th percentile,
            which says what light there is for any colour of skin.
        median_brightness: Of the face, `[0, 255]`.
        surroundings: Median brightness beside the face, `[0, 255]`.
        blown: Share of the face that is white, without any detail.
        colour: Mean difference of the face's strongest and weakest channel, 0 in
            black and white.
        blur: Share of the detail that another blur leaves, `[0, 1]`; sharp faces
            have about .45.
        comb: How much neighbouring rows differ, against rows two apart; about .6, and
            near 1 where two moments lie in one picture.
        lip_contrast: How far the lips' colour is from the skin around (CIE Lab).
        lip_redness: How much redder they are than the skin (CIE a*).
        eye_contrast: Spread of lightness between the lids against the forehead's
            lightness.
        eye_light: Lightness of the skin around the eyes against the forehead's.
    """

    face_width: float
    margin: float
    brightness: float
    median_brightness: float
    surroundings: float
    blown: float
    colour: float
    blur: float
    comb: float
    lip_contrast: float
    lip_redness: float
    eye_contrast: float
    eye_light: float


def measure_picture(image, face):
    """The `FacePicture` of a `Face` in a uint8 RGB image."""
    patch, landmarks = cut_face(image, face)
    grey = cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY)
    lab = cv2.cvtColor(patch.astype("float32") / 255.0, cv2.COLOR_RGB2Lab)
    is_face = fill(grey.shape, landmarks[list(OVAL)])
    skin = grey[is_face]
    low, high = landmarks.min(0).astype(int).clip(0), landmarks.max(0).astype(int)
    edges = face.landmarks[[RIGHT_CHEEK_EDGE, LEFT_CHEEK_EDGE], :2]
    face_width = float(np.linalg.norm(edges[1] - edges[0]))
    return FacePicture(
        face_width=face_width,
        margin=measure_margin(image, face) / face_width,
        brightness=float(np.percentile(skin, 95)),
        median_brightness=float(np.median(skin)),
        surroundings=float(np.median(grey[~grow(is_face, 1.15)])),
        blown=float((skin >= WHITE).mean()),
        colour=float(np.ptp(patch[is_face].astype(int), axis=-1).mean()),
        blur=measure_blur(grey[low[1] : high[1], low[0] : high[0]]),
        comb=measure_comb(image, face),
        **measure_lips(lab, landmarks),
        **measure_eyes(lab, landmarks),
    )


def cut_face(image, face):
    """The upright face `(n, n, 3)`, n up to `PATCH_SIZE`, and its landmarks there."""
    crop = crop_of_landmarks(face.landmarks)
    size = int(np.clip(crop[2], 32, PATCH_SIZE))
    # Sampling one pixel of many would look sharper than it is.
    shrink = max(1, int(crop[2] / PATCH_SIZE))
    if shrink > 1:
        small = (image.shape[1] // shrink, image.shape[0] // shrink)
        image = cv2.resize(image, small, interpolation=cv2.INTER_AREA)
    scaled = (*(value / shrink for value in crop[:3]), crop[3])
    patch = cut(image, scaled, size, cv2.BORDER_REPLICATE)
    back = cv2.invertAffineTransform(crop_matrix(crop, size))
    return patch, face.landmarks[:, :2] @ back[:, :2].T + back[:, 2]


def fill(shape, outline):
    """A mask of what lies inside an outline `(n, 2)`."""
    mask = np.zeros(shape, "uint8")
    cv2.fillPoly(mask, [np.rint(outline).astype("int32")], 1)
    return mask.astype(bool)


def scale(outline, factor):
    """The outline, larger by a factor about its centre."""
    centre = outline.mean(0)
    return centre + (outline - centre) * factor


def grow(mask, factor):
    """The mask, wider by a share of its size."""
    reach = int((factor - 1.0) * np.sqrt(mask.sum())) + 1
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), "uint8")
    return cv2.dilate(mask.astype("uint8"), kernel).astype(bool)


def measure_margin(image, face):
    """Least distance in pixels of the face from the border of the picture."""
    height, width = image.shape[:2]
    low, high = face.landmarks[:, :2].min(0), face.landmarks[:, :2].max(0)
    return float(min(*low, width - high[0], height - high[1]))


def measure_blur(grey):
    """Share `[0, 1]` of the detail that stays when the picture is blurred again.

    Reference:
        Crete et al. (2007), The Blur Effect: Perception and Estimation with a New
        No-Reference Perceptual Blur Metric, https://doi.org/10.1117/12.702790
    """
    grey = grey.astype("float32")
    if min(grey.shape) < 16:
        return 1.0
    shares = []
    for axis, size in ((0, (1, 9)), (1, (9, 1))):
        detail = np.abs(np.diff(grey, axis=axis))
        left = np.abs(np.diff(cv2.blur(grey, size), axis=axis))
        lost = np.maximum(detail - left, 0.0).sum()
        shares.append(1.0 - lost / max(detail.sum(), 1e-6))
    return float(max(shares))


def measure_comb(image, face):
    """How much neighbouring rows of the face differ, against rows two apart."""
    low = face.landmarks[:, :2].min(0).astype(int).clip(0)
    high = face.landmarks[:, :2].max(0).astype(int)
    rows = image[low[1] : high[1], low[0] : high[0], 1].astype("float32")
    if rows.shape[0] < 8 or rows.shape[1] < 8:
        return 0.0
    near = np.abs(np.diff(rows, axis=0)).mean()
    return float(near / max(np.abs(rows[2:] - rows[:-2]).mean(), 1e-3))


def measure_lips(lab, landmarks):
    """How far the lips stand out from the skin around them."""
    shape = lab.shape[:2]
    outline = landmarks[list(LIPS_OUTSIDE)]
    lips = fill(shape, outline) & ~fill(shape, landmarks[list(LIPS_INSIDE)])
    skin = fill(shape, scale(outline, 1.45)) & ~fill(shape, scale(outline, 1.12))
    difference = median(lab, lips) - median(lab, skin)
    return {
        "lip_contrast": float(np.linalg.norm(difference)),
        "lip_redness": float(difference[1]),
    }


def measure_eyes(lab, landmarks):
    """How much there is to see between the lids, and how light the skin around is."""
    shape = lab.shape[:2]
    outlines = [landmarks[list(eye)] for eye in EYES]
    eyes, wide, near = (
        np.logical_or(*[fill(shape, scale(outline, factor)) for outline in outlines])
        for factor in (1.0, 1.5, 1.15)
    )
    forehead = fill(shape, landmarks[list(FOREHEAD)])
    light = max(median(lab, forehead)[0], 1.0)
    return {
        "eye_contrast": float(lab[eyes, 0].std() / light) if eyes.any() else 0.0,
        "eye_light": float(median(lab, wide & ~near)[0] / light),
    }


def median(lab, mask):
    return np.median(lab[mask], 0) if mask.any() else np.zeros(3)


def find_faces(tracker, image):
    """Boxes `(n, 3)` of the faces in a picture: centre and width in pixels.

    The largest come first. The tracker's detector sees the whole picture at 128
    pixels: faces under a tenth of it stay unseen.
    """
    height, width = image.shape[:2]
    side = max(height, width)
    whole = (width / 2, height / 2, side, 0.0)
    picture = cut(image, whole, DETECTOR_SIZE, cv2.BORDER_CONSTANT)
    outputs = tracker.detector(picture / np.float32(127.5) - 1.0)
    scores = 1.0 / (1.0 + np.exp(-np.clip(outputs["classificators"], -80.0, 80.0)))
    places = outputs["regressors"].reshape(-1, 8, 2)[:, :2] / DETECTOR_SIZE
    places[:, 0] += tracker.anchors
    found = []
    for index in np.argsort(scores)[::-1]:
        if scores[index] < MIN_FACE_SCORE:
            break
        place = places[index]
        if not found or overlap(np.array(found), place).max() < MAX_FACE_OVERLAP:
            found.append(place)
    boxes = np.array(found).reshape(-1, 2, 2)
    centres = boxes[:, 0] * side + (np.array([width, height]) - side) / 2.0
    sizes = boxes[:, 1].max(1) * side
    return np.column_stack([centres, sizes])[np.argsort(-sizes)]
