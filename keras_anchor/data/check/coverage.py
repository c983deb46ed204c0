"""How much of what a face can do a clip shows: poses, lips, lids, gaze, brows."""

from dataclasses import dataclass

import numpy as np

from keras_anchor.data.check.lip_shapes import (
    LIP_SHAPES,
    MIN_PICTURES,
    find_rests,
    place_lips,
)
from keras_anchor.data.faces import NAMES

# Degrees from the usual pose, between the columns and the rows of the grid of poses.
YAW_EDGES, PITCH_EDGES = (-18.0, -6.0, 6.0, 18.0), (-6.0, 6.0)
YAW_NAMES = ("far left", "left", "ahead", "right", "far right")
PITCH_NAMES = ("down", "level", "up")
COVERED = 0.6


@dataclass
class Coverage:
    """How much of one thing a clip shows.

    Args:
        name: What it is, such as `gaze`.
        parts: Whether each part of it was seen, by name.
        advice: What to do for the missing ones.
    """

    name: str
    parts: dict
    advice: str

    @property
    def score(self):
        """Share of the parts that were seen, `[0, 1]`."""
        return sum(self.parts.values()) / len(self.parts)

    @property
    def is_covered(self):
        return self.score >= COVERED

    @property
    def missing(self):
        return [name for name, is_seen in self.parts.items() if not is_seen]


def measure_coverage(faces, seconds):
    """One `Coverage` for each thing that a face can do.

    Everything is measured from the person's own usual, so that a slanted camera or a
    tracker's habits count for nothing.

    Args:
        faces: `Face` objects in the order of time; none is fine.
        seconds: When each was seen.
    """
    shapes = np.array([face.blendshapes for face in faces]).reshape(-1, len(NAMES))
    poses = measure_poses(faces)
    points = np.array([face.landmarks for face in faces]).reshape(-1, 478, 3)
    seconds = np.asarray(seconds, float)
    return [
        cover_poses(poses),
        cover_jaw(shapes),
        cover_lips(points, poses, seconds),
        cover_blinks(shapes),
        cover_gaze(shapes),
        cover_brows(shapes),
        cover_smile(shapes),
    ]


def tally(names, places, least=MIN_PICTURES):
    """Which of the names were seen, given the place of each picture's among them."""
    counts = np.bincount(places[places >= 0], minlength=len(names))
    return {
        name: bool(count >= least) for name, count in zip(names, counts, strict=True)
    }


def both(shapes, name):
    """A blendshape's mean over left and right, or of the middle: `(num_faces,)`."""
    columns = [
        NAMES.index(full)
        for full in (name + "Left", name + "Right", name)
        if full in NAMES
    ]
    return shapes[:, columns].mean(1)


def middle(values):
    return np.median(values, 0) if len(values) else 0.0


def usual_low(values):
    return np.percentile(values, 10) if len(values) else 0.0


def measure_poses(faces):
    """Yaw and pitch `(num_faces, 2)` in degrees."""
    return np.degrees([(face.yaw, face.pitch) for face in faces]).reshape(-1, 2)


def place_poses(poses):
    """The cell `(num_faces,)` of the grid of poses, row by row from below."""
    turned = poses - middle(poses)
    columns = np.digitize(turned[:, 0], YAW_EDGES)
    rows = np.digitize(turned[:, 1], PITCH_EDGES)
    return rows * len(YAW_NAMES) + columns


def cover_poses(poses):
    names = [f"{pitch}, {yaw}" for pitch in PITCH_NAMES for yaw in YAW_NAMES]
    return Coverage(
        "poses",
        tally(names, place_poses(poses)),
        "turn your head slowly left and right, as far as the camera still sees both "
        "eyes, then the same with the chin a little raised and a little lowered",
    )


def cover_jaw(shapes):
    jaw = both(shapes, "jawOpen")
    jaw = jaw - min(0.15, usual_low(jaw))
    return Coverage(
        "jaw",
        tally(
            ("shut", "ajar", "half open", "wide open"),
            np.digitize(jaw, (0.08, 0.2, 0.4)),
        ),
        "speak clearly, and open your mouth wide a few times, slowly, as if to yawn",
    )


def cover_lips(points, poses, seconds):
    places = place_lips(points, poses)
    places = np.where(find_rests(places, seconds), 0, places)
    return Coverage(
        "lip shapes",
        tally(tuple(LIP_SHAPES), places),
        "read the text of the shooting guide aloud, and stay silent with shut lips "
        "for five seconds",
    )


def find_blinks(shapes):
    """Whether the lids are shut in each picture, and how often they shut."""
    lids = both(shapes, "eyeBlink")
    is_shut = lids > min(0.7, usual_low(lids) + 0.4)
    starts = np.diff(np.concatenate([[0], is_shut.astype(int)])) > 0
    return is_shut, int(starts.sum())


def cover_blinks(shapes):
    is_shut, num_blinks = find_blinks(shapes)
    parts = {
        "open": bool((~is_shut).any()),
        "shut": bool(is_shut.sum() >= MIN_PICTURES),
        "3 blinks": num_blinks >= 3,
        "6 blinks": num_blinks >= 6,
    }
    advice = "blink as you usually would, and shut your eyes for a second, three times"
    return Coverage("blink", parts, advice)


def cover_gaze(shapes):
    is_shut, _ = find_blinks(shapes)
    shapes = shapes[~is_shut]
    # The person's left eye looks out, and the right one in, to the person's left.
    out, into = ("eyeLookOut", "eyeLookIn")
    left = column(shapes, out + "Left") + column(shapes, into + "Right")
    right = column(shapes, into + "Left") + column(shapes, out + "Right")
    across = (left - right) / 2.0
    lifted = both(shapes, "eyeLookUp") - both(shapes, "eyeLookDown")
    across, lifted = across - middle(across), lifted - middle(lifted)
    directions = {
        "left": across > 0.2,
        "right": across < -0.2,
        "up": lifted > 0.15,
        "down": lifted < -0.2,
        "ahead": (np.abs(across) < 0.12) & (np.abs(lifted) < 0.12),
    }
    parts = {
        name: bool(seen.sum() >= MIN_PICTURES) for name, seen in directions.items()
    }
    return Coverage(
        "gaze",
        parts,
        "keep your head still and look left, right, up and down with your eyes only, "
        "a second each, twice",
    )


def column(shapes, name):
    return shapes[:, NAMES.index(name)]


def cover_brows(shapes):
    raised = (both(shapes, "browInnerUp") + both(shapes, "browOuterUp")) / 2.0
    lowered = both(shapes, "browDown")
    raised, lowered = raised - usual_low(raised), lowered - usual_low(lowered)
    parts = {
        "at rest": bool(((raised < 0.1) & (lowered < 0.1)).sum() >= MIN_PICTURES),
        "raised": bool((raised > 0.2).sum() >= MIN_PICTURES),
        "drawn together": bool((lowered > 0.12).sum() >= MIN_PICTURES),
    }
    return Coverage(
        "brows", parts, "raise your brows as if surprised, then frown, three times each"
    )


def cover_smile(shapes):
    places = np.digitize(both(shapes, "mouthSmile"), (0.15, 0.45))
    return Coverage(
        "smile",
        tally(("none", "slight", "wide"), places),
        "look serious for a while, then smile a little, then broadly, three times",
    )
