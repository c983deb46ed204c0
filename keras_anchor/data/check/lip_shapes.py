"""The shapes of lips that a camera can tell apart, read off landmarks."""

import numpy as np

from keras_anchor.data.faces import LEFT_EYE, RIGHT_EYE

# What is seen in fewer pictures may be chance.
MIN_PICTURES = 2
# Head turns beyond this make the width of a mouth uncertain.
MAX_LIP_YAW = 20.0
LIPS_TOP, LIPS_BOTTOM, MOUTH_RIGHT, MOUTH_LEFT = 13, 14, 61, 291
# Of the distance between the eyes' outer corners. Measured on two drawn presenters,
# whose mouth shapes are known.
SHUT_GAP, SHUT_REST_GAP, ROUND_GAP, PUSHED_GAP, WIDE_GAP = (
    0.015,
    0.03,
    0.062,
    0.09,
    0.14,
)
# Of the mouth's usual width.
ROUND_WIDTH, PUSHED_WIDTH, SPREAD_WIDTH = 0.91, 0.96, 1.027
REST_SECONDS = 2.0
# The visemes of drive/visemes.json that look alike in a video.
LIP_SHAPES = {
    "at rest": ("rest",),
    "shut": ("lips_meet",),
    "a little open": (
        "lip_on_teeth",
        "tongue_between_teeth",
        "tongue_at_ridge",
        "tongue_at_back",
        "breath",
        "uh",
    ),
    "spread": ("hiss", "hush_palatal", "apical", "i", "j", "e"),
    "wide open": ("a", "ah"),
    "pushed forward": ("hush", "hush_retroflex", "r", "er"),
    "round": ("u", "ue", "w"),
    "round and open": ("o",),
}


def place_lips(points, poses):
    """The place in `LIP_SHAPES` of each face's lips, -1 where it is turned away."""
    if not len(points):
        return np.zeros(0, int)
    gap = measure_gaps(points)
    width = distances(points, MOUTH_RIGHT, MOUTH_LEFT)
    width = width / np.median(width)
    shut_gap = min(np.percentile(gap, 2), SHUT_REST_GAP) + SHUT_GAP
    is_round = width < ROUND_WIDTH
    shapes = {
        "round and open": is_round & (gap > PUSHED_GAP),
        "round": is_round & (gap < ROUND_GAP),
        "pushed forward": is_round | ((width < PUSHED_WIDTH) & (gap > ROUND_GAP)),
        "shut": gap < shut_gap,
        "wide open": gap > WIDE_GAP,
        "spread": width > SPREAD_WIDTH,
    }
    names = list(LIP_SHAPES)
    places = np.select(
        list(shapes.values()),
        [names.index(name) for name in shapes],
        names.index("a little open"),
    )
    is_turned = np.abs(poses[:, 0] - np.median(poses[:, 0])) > MAX_LIP_YAW
    return np.where(is_turned, -1, places)


def measure_gaps(points):
    """How far the lips are open `(num_faces,)`, of the distance between the eyes."""
    return distances(points, LIPS_TOP, LIPS_BOTTOM)


def distances(points, first, second):
    """Between two of the landmarks `(num_faces, 478, 3)`, as `measure_gaps`."""
    points = points.reshape(-1, 478, 3)
    length = np.linalg.norm(points[:, first] - points[:, second], axis=-1)
    eyes = np.linalg.norm(points[:, RIGHT_EYE] - points[:, LEFT_EYE], axis=-1)
    return length / eyes


def find_rests(places, seconds):
    """Whether each face is in a stretch of `REST_SECONDS` or more with shut lips."""
    is_shut = places == list(LIP_SHAPES).index("shut")
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_shut, [0]])))
    is_rest = np.zeros(len(places), bool)
    for first, stop in edges.reshape(-1, 2):
        if seconds[stop - 1] - seconds[first] >= REST_SECONDS:
            # What lips are shut for longer than that is rest, and before it a sound.
            is_rest[first + MIN_PICTURES : stop] = True
    return is_rest
