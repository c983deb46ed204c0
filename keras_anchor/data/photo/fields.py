"""How the skin of a photo moves between its landmarks, part by part."""

import numpy as np

from keras_anchor.data.faces import NAMES
from keras_anchor.data.landmarks import BROWS
from keras_anchor.data.photo.motion import (
    EYES,
    INNER_CORNERS,
    LIP_CORNERS,
    LIPS_INNER,
    LOWER_LIP,
    UPPER_LIP,
)

RIDGE = 1e-3


def interpolate(points, values, places):
    """Values `(n, ...)` at points `(n, 2)`, smoothly between them at `(m, 2)`.

    Radial basis functions r, with a constant: the plane's counterpart of straight
    lines between knots, so nothing overshoots.
    """
    shape = values.shape[1:]
    values = values.reshape(len(points), -1)
    count = len(points)
    system = np.ones((count + 1, count + 1))
    system[-1, -1] = 0.0
    system[:-1, :-1] = np.linalg.norm(points[:, None] - points[None], axis=-1)
    system[:-1, :-1] -= RIDGE * np.eye(count)
    right = np.concatenate([values, np.zeros((1, values.shape[1]))])
    weights = np.linalg.solve(system, right)
    kernel = np.linalg.norm(places[:, None] - points[None], axis=-1)
    return (kernel @ weights[:-1] + weights[-1]).reshape(len(places), *shape)


class Fields:
    """Displacements between the landmarks of a photo, part by part.

    Every field is `(num_places, 53, 2)` in half frames: 52 blendshapes, then rest.

    Args:
        motions: `Motions`.
        box: Left, top, right, bottom in half frames; at its border nothing moves.
    """

    def __init__(self, motions, box):
        self.points = motions.points
        left, top, right, bottom = box
        steps = np.linspace(0.0, 1.0, 12)
        xs, ys = left + steps * (right - left), top + steps * (bottom - top)
        sides = [(x, y) for x in xs for y in (top, bottom)]
        sides += [(x, y) for y in ys[1:-1] for x in (left, right)]
        self.border = np.array(sides)
        lids = [index for eye in EYES.values() for index in (*eye[1], *eye[2])]
        # Skin unfolds from behind an open lid, so what lies around it stays: a brow
        # that followed would be stretched.
        of_eyes = [name.startswith("eye") for name in NAMES] + [False]
        around = np.setdiff1d(np.arange(len(self.points)), lids)
        self.values = motions.values.copy()
        self.values[np.ix_(around, of_eyes)] = 0.0
        lips = {*UPPER_LIP, *LOWER_LIP, *INNER_CORNERS}
        inside = self.points[:468]
        is_inside = (
            (inside[:, 0] > left)
            & (inside[:, 0] < right)
            & (inside[:, 1] > top)
            & (inside[:, 1] < bottom)
        )
        self.calm = [
            index
            for index in range(468)
            if is_inside[index] and index not in lips.union(lids)
        ]

    def solve(self, landmarks, places, copies=(), shifts=()):
        """The field of some landmarks; `copies` of them, shifted, stretch it."""
        landmarks, copies = list(landmarks), list(copies)
        values = self.values
        points = [self.points[landmarks], self.border]
        known = [values[landmarks], np.zeros((len(self.border), *values.shape[1:]))]
        for shift in shifts:
            points.append(self.points[copies] + shift)
            known.append(values[copies])
        return interpolate(np.concatenate(points), np.concatenate(known), places)

    def base(self, places):
        """Everything but lips and lids."""
        return self.solve(self.calm, places)

    def lip(self, places, is_lower):
        """One lip with what is on its side, going on beyond the line between lips."""
        corner_line = self.points[list(LIP_CORNERS), 1].mean()
        own = LOWER_LIP if is_lower else UPPER_LIP
        side = 1.0 if is_lower else -1.0
        face = [
            index
            for index in self.calm
            if side * (self.points[index, 1] - corner_line) > 0.0
        ]
        height = np.ptp(self.points[list(LIP_CORNERS), 0])
        shifts = [(0.0, -side * share * height) for share in (0.25, 0.5, 0.75)]
        copies = LIPS_INNER[2 if is_lower else 1]
        return self.solve({*face, *own, *LIP_CORNERS}, places, copies, shifts)

    def lid(self, places, is_lower):
        """Both eyes' upper or lower lids, going on beyond the line between lids."""
        side = 1.0 if is_lower else -1.0
        own, copies, widths = [], [], []
        face = set(self.calm)
        for outer, upper, lower, inner in EYES.values():
            own += lower if is_lower else upper
            copies += lower if is_lower else upper
            ends = self.points[[outer, inner]]
            width = np.linalg.norm(ends[0] - ends[1])
            widths.append(width)
            near = np.linalg.norm(self.points[:468] - ends.mean(0), axis=-1)
            face -= set(np.flatnonzero(near < 0.9 * width)) - {outer, inner, *BROWS}
        # Lashes move as one, and are not stretched with the skin above them.
        shares = (0.2, 0.4) if is_lower else (0.2, 0.4, -0.08)
        shifts = [(0.0, -side * share * np.mean(widths)) for share in shares]
        return self.solve({*face, *own}, places, copies, shifts)
