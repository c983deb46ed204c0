"""How the parts of a face in a photo move under the blendshapes of a generic one."""

from dataclasses import dataclass

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.data.faces import NAMES, canonical_face, fit_similarity
from keras_anchor.data.landmarks import CHIN, NOSE_BASE, OVAL
from keras_anchor.data.presenters.landmark_shapes import landmark_shapes

# Corner, upper contour, lower contour, corner, as in the image from left to right.
# fmt: off
LIPS_INNER = (
    78, (191, 80, 81, 82, 13, 312, 311, 310, 415),
    (95, 88, 178, 87, 14, 317, 402, 318, 324), 308,
)
RIGHT_EYE = (
    33, (246, 161, 160, 159, 158, 157, 173), (7, 163, 144, 145, 153, 154, 155), 133
)
LEFT_EYE = (
    362, (398, 384, 385, 386, 387, 388, 466), (382, 381, 380, 374, 373, 390, 249), 263
)
UPPER_LIP = (
    185, 40, 39, 37, 0, 267, 269, 270, 409, 184, 74, 73, 72, 11, 302, 303, 304, 408,
    183, 42, 41, 38, 12, 268, 271, 272, 407, 191, 80, 81, 82, 13, 312, 311, 310, 415,
)
LOWER_LIP = (
    146, 91, 181, 84, 17, 314, 405, 321, 375, 77, 90, 180, 85, 16, 315, 404, 320, 307,
    96, 89, 179, 86, 15, 316, 403, 319, 325, 95, 88, 178, 87, 14, 317, 402, 318, 324,
)
# fmt: on
LIP_CORNERS, INNER_CORNERS = (61, 291), (78, 308, 62, 292, 76, 306)
EYES = {"Right": RIGHT_EYE, "Left": LEFT_EYE}
IRISES = {"Right": range(468, 473), "Left": range(473, 478)}
# What share of its way to the other one a lid or lip goes until they meet.
UPPER_LID_SHARE, UPPER_LIP_SHARE = 0.9, 0.3
GAZE_SHARE, WIDE_SHARE = 1.3, 0.5
# Lips that show teeth in the photo overlap by this when shut, in half frames.
OVERLAP = 0.012


@dataclass
class Motions:
    """What each blendshape does to the landmarks of a photo.

    Args:
        points: `(478, 2)` in half frames, as in the photo.
        offsets: `(52, 478, 2)` what one unit of each blendshape adds.
        rest: `(478, 2)` what shuts lips that are apart in the photo.
        scale: Of the generic face, to be as large as the photo's.
        place: `(2, 3)` takes places around the generic face's mouth to the photo.
    """

    points: np.ndarray
    offsets: np.ndarray
    rest: np.ndarray
    scale: float
    place: np.ndarray

    @property
    def values(self):
        """`(478, 53, 2)`: the offsets, then `rest`."""
        return np.concatenate([self.offsets, self.rest[None]]).transpose(1, 0, 2)


def transfer_motions(photo):
    """The `Motions` of a `Photo`: a generic face's, as large as this one's parts."""
    generic, shapes = landmark_shapes()
    _, weights = canonical_face()
    target = photo.landmarks
    scale, turn, shift = fit_similarity(generic[:468], target[:468], weights)
    offsets = scale * (shapes @ turn.T)[..., :2]
    flat = target[:, :2]
    fitted = (scale * generic @ turn.T + shift)[:, :2]

    def ratio(first, second):
        sizes = [
            np.linalg.norm(points[first] - points[second]) for points in (flat, fitted)
        ]
        return sizes[0] / sizes[1]

    width = np.clip(ratio(*LIP_CORNERS), 0.7, 1.2)
    height = np.clip(ratio(NOSE_BASE, CHIN), 0.7, 1.3)
    of_mouth = [name.startswith(("mouth", "jaw")) for name in NAMES]
    offsets[of_mouth] *= np.array([width, height])
    for name, smile in zip(("Left", "Right"), is_smiling(photo), strict=True):
        offsets[NAMES.index(f"mouthSmile{name}")] *= 1.0 - 0.6 * smile
    for side, eye in EYES.items():
        fit_lids(offsets, flat, fitted, side, eye)
    rest = shut_lips(flat)
    middle = [*LIPS_INNER[1], *LIPS_INNER[2]]
    lips = (flat + rest)[middle].mean(0)
    matrix = scale * np.clip(width, 0.85, 1.1) * turn[:2, :2]
    generic_lips = generic[middle, :2].mean(0)
    place = np.column_stack([matrix, lips - matrix @ generic_lips])
    return Motions(flat, offsets, rest, scale, place)


def is_smiling(photo):
    """How much the face in the photo smiles already, left and right `(2,)`."""
    names = ("mouthSmileLeft", "mouthSmileRight")
    return photo.blendshapes[[NAMES.index(name) for name in names]]


def fit_lids(offsets, points, fitted, side, eye):
    """Makes lids as mobile as the eye is open; shut, they meet exactly."""
    outer, upper, lower, inner = eye
    upper, lower = list(upper), list(lower)

    def opening(places):
        return np.linalg.norm(places[upper] - places[lower], axis=-1).mean()

    near = np.linalg.norm(points[:468] - points[[outer, inner]].mean(0), axis=-1)
    near = np.flatnonzero(near < np.linalg.norm(points[outer] - points[inner]))
    rows = [
        row
        for row, name in enumerate(NAMES)
        if name.startswith("eye") and name.endswith(side)
    ]
    ratio = np.clip(opening(points) / opening(fitted), 0.5, 1.6)
    offsets[np.ix_(rows, near)] *= ratio
    offsets[np.ix_(rows, list(IRISES[side]))] *= GAZE_SHARE
    offsets[ctl.INDEX[f"eyeWide{side}"]] *= WIDE_SHARE
    way = points[lower] - points[upper]
    blink = ctl.INDEX[f"eyeBlink{side}"]
    offsets[blink, upper] = UPPER_LID_SHARE * way
    offsets[blink, lower] = (UPPER_LID_SHARE - 1.0) * way


def shut_lips(points):
    """`(478, 2)` that takes lips to where they meet."""
    rest = np.zeros_like(points)
    _, upper, lower, _ = LIPS_INNER
    way = points[list(lower)] - points[list(upper)]
    way[:, 1] += np.minimum(OVERLAP, 0.5 * np.abs(way[:, 1]))
    along = points[list(LIPS_INNER[1]), 0]
    for landmarks, share in (
        (UPPER_LIP, UPPER_LIP_SHARE),
        (LOWER_LIP, UPPER_LIP_SHARE - 1.0),
    ):
        for axis in (0, 1):
            rest[list(landmarks), axis] = share * np.interp(
                points[list(landmarks), 0], along, way[:, axis], 0.0, 0.0
            )
    rest[list(upper)] = UPPER_LIP_SHARE * way
    rest[list(lower)] = (UPPER_LIP_SHARE - 1.0) * way
    return rest


def chin_motion(motions):
    """`(53, 2)` how the jaw's teeth move: as the chin, with the jaw alone."""
    values = motions.values[CHIN].copy()
    of_jaw = [name.startswith("jaw") for name in NAMES] + [False]
    values[~np.array(of_jaw)] = 0.0
    return values


def face_width(points):
    return float(np.ptp(points[list(OVAL), 0]))
