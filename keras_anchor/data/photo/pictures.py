"""Pictures of a photo's lips, lids and eyeballs, with where each may be seen."""

import numpy as np

from keras_anchor.data.landmarks import BROWS
from keras_anchor.data.photo.masks import (
    EDGE,
    centres,
    distance_inside,
    fill,
    ramp,
    rows_of,
    side_of,
)
from keras_anchor.data.photo.motion import EYES, IRISES, LIP_CORNERS, LIPS_INNER

LIPS_OUTER = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409)
LIPS_OUTER += (291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
# Patches cover fully up to the first, and not at all from the second distance on: in
# widths of mouth or eye, for the upper lid in distances from lid to brow.
REACHES = {
    "lower_lip": (0.12, 0.34),
    "upper_lip": (0.06, 0.20),
    "lower_lid": (0.16, 0.42),
    "upper_lid": (0.35, 0.85),
}
# How much darker it is right behind the upper lip.
SHADE = 0.3
# Pixels of a frame of 256 by which eyeballs and throat go on under lids and lips.
HIDDEN = 2.7


def draw_lips(motions, still, box):
    """Both lips with the skin around them.

    Returns:
        `{"lower_lip", "upper_lip": (picture, share)}`: RGB, how much it covers, where
        it opens the mouth, and of the upper one how much light it lets in; `share` is
        how much it moves on its own, not with the face.
    """
    points, size = motions.points, len(still)
    left, upper, lower, right = LIPS_INNER
    first, last = LIP_CORNERS
    outer = points[list(LIPS_OUTER)]
    width = np.ptp(points[list(LIP_CORNERS), 0]) * size / 2.0
    around = distance_inside(outer, size)
    gap = np.linalg.norm(points[14] - points[13]) * size / 2.0
    # Shut lips overlap a little; parted ones show teeth at their edges.
    overlap = np.clip(1.0 - 0.5 * gap, -0.7, 1.0)
    lines = {
        "lower_lip": points[[first, left, *lower, right, last]],
        "upper_lip": points[[first, left, *upper, right, last]],
    }
    across = points[last] - points[first]
    along = (centres((-1, -1, 1, 1), size, size) - points[first]) @ across
    along = along / (across @ across)
    between = ramp(0.5 - np.abs(along - 0.5), 0.0, 0.05)
    pictures = {}
    for name, line in lines.items():
        is_lower = name == "lower_lip"
        inside = distance_inside(side_of(line, is_lower), size)
        near, far = REACHES[name]
        soft = ramp(around, -far * width, -near * width)
        covers = soft * np.clip(inside / EDGE + 0.5 + overlap, 0.0, 1.0)
        hidden = HIDDEN * size / 256.0
        opens = np.clip(0.5 + (hidden - inside) / EDGE, 0.0, 1.0) * between
        channels = [still[..., :3], covers, opens]
        if not is_lower:
            shade = ramp(-inside, -0.02 * width, 0.12 * width)
            channels.append(1.0 - SHADE + SHADE * shade)
        picture = np.dstack(channels).astype("float32")
        share = np.maximum(soft, between * ramp(-inside, -1.0, 1.0))
        pictures[name] = (picture[rows_of(box)], share[rows_of(box)])
    return pictures


def draw_lids(motions, still, box):
    """Lids with the skin around them, both eyes' in one picture.

    Returns:
        `{"lower_lid", "upper_lid": (picture, share)}`: RGB and how much it covers;
        `share` as for lips.
    """
    points, size = motions.points, len(still)
    pictures = {}
    for name in ("lower_lid", "upper_lid"):
        is_lower = name == "lower_lid"
        covers, share = 0.0, 0.0
        for outer, upper, lower, inner in EYES.values():
            contour = points[[outer, *upper, inner, *reversed(lower)]]
            line = points[[outer, *(lower if is_lower else upper), inner]]
            width = np.linalg.norm(line[-1] - line[0]) * size / 2.0
            around = distance_inside(contour, size)
            inside = distance_inside(side_of(line, is_lower), size)
            near, far = REACHES[name]
            if not is_lower:
                width = brow_gap(points, upper) * size / 2.0
            soft = ramp(around, -far * width, -near * width)
            covers = np.maximum(covers, soft * np.clip(inside / EDGE + 0.5, 0.0, 1.0))
            share = np.maximum(share, soft)
        picture = np.dstack([still[..., :3], covers]).astype("float32")
        pictures[name] = (picture[rows_of(box)], share[rows_of(box)])
    return pictures


def brow_gap(points, lid):
    """How far a lid is from the brow, in half frames."""
    gaps = points[list(lid), None] - points[None, list(BROWS)]
    return float(np.median(np.linalg.norm(gaps, axis=-1).min(1)))


def draw_eyes(motions, still, box):
    """Eyeballs without lids `(height, width, 4)`: RGB, and where they may be seen."""
    points, size = motions.points, len(still)
    colour, seen = still[..., :3].copy(), np.zeros((size, size), "float32")
    for side, (outer, upper, lower, inner) in EYES.items():
        contour = points[[outer, *upper, inner, *reversed(lower)]]
        centre, radius = iris_of(points, side, size)
        inside = distance_inside(contour, size)
        known = inside > 0.8
        window = inside > -10.0 - 0.3 * radius
        ys, xs = np.mgrid[:size, :size]
        distance = np.hypot(xs - centre[0], ys - centre[1])
        is_iris = distance < 1.08 * radius
        white = fill(still[..., :3], known & ~(distance < 1.2 * radius))
        picture = np.where(known[..., None], still[..., :3], white)
        # A lid hides the top of most irises: their lower half is much the same.
        mirrored = np.clip(np.rint(2.0 * centre[1] - ys), 0, size - 1).astype(int)
        is_usable = known[mirrored, xs] & (distance < 0.9 * radius) & ~known
        flipped = still[mirrored, xs, :3]
        iris = fill(still[..., :3], known & (distance < 0.9 * radius))
        edge = ramp(distance, 1.08 * radius, 0.92 * radius)[..., None]
        hidden = np.where(is_usable[..., None], flipped, iris)
        lost = (is_iris & ~known)[..., None]
        picture = np.where(lost, white + (hidden - white) * edge, picture)
        colour = np.where(window[..., None], picture, colour)
        hidden = HIDDEN * size / 256.0
        seen = np.maximum(seen, ramp(inside, -hidden - 0.5, -hidden + 0.5))
    return np.dstack([colour, seen])[rows_of(box)].astype("float32")


def iris_of(points, side, size):
    """Centre `(2,)` and radius of an iris, in pixels."""
    middle, *edge = ((points[list(IRISES[side])] + 1.0) * size / 2.0) - 0.5
    return middle, float(np.linalg.norm(edge - middle, axis=-1).mean())
