"""How much of a true performance a face tracker finds in generated frames."""

import numpy as np

from keras_anchor.controls import BLENDSHAPES

# What the tracker reads off a frame, and what of it belongs together.
TRACKED = (
    *(control.name for control in BLENDSHAPES),
    *("headYaw", "headPitch", "headRoll"),
)
GROUPS = {
    "jaw": "jaw",
    "lips": "mouth",
    "blink": "eyeBlink",
    "gaze": "eyeLook",
    "brows": "brow",
    "pose": "head",
}
# What moves less in true frames is the tracker's noise.
MIN_MOTION = 0.02


def score_agreement(faces, true_faces):
    """Correlation of what the tracker reads off generated and off true frames.

    Args:
        faces, true_faces: Lists of `Face` or None, one for each frame.

    Returns:
        Dict with `controls` (those that move in the true frames), the means over each
        of `GROUPS`, the mean over all, and `together`: the correlation of all of them
        as one signal, in which each counts as much as it moves. Empty where nothing
        moves.
    """
    pairs = [
        (read_controls(face), read_controls(true_face))
        for face, true_face in zip(faces, true_faces, strict=True)
        if face is not None and true_face is not None
    ]
    if len(pairs) < 3:
        return {}
    seen, truth = np.array(pairs).transpose(1, 2, 0)
    seen -= seen.mean(1, keepdims=True)
    truth -= truth.mean(1, keepdims=True)
    moves = truth.std(1) > MIN_MOTION
    names = np.array(TRACKED)[moves].tolist()
    rows = zip(seen[moves], truth[moves], strict=True)
    scores = dict(zip(names, [correlation(*pair) for pair in rows], strict=True))
    groups = {
        group: [score for name, score in scores.items() if name.startswith(prefix)]
        for group, prefix in GROUPS.items()
    }
    return scores and {
        "mean": float(np.mean(list(scores.values()))),
        "together": correlation(seen[moves], truth[moves]),
        "groups": {name: float(np.mean(some)) for name, some in groups.items() if some},
        "controls": scores,
    }


def correlation(one, other):
    """Of two signals without their means; 0 where one does not move."""
    energy = np.square(one).sum() * np.square(other).sum()
    return float((one * other).sum() / np.sqrt(energy)) if energy > 1e-12 else 0.0


def read_controls(face):
    """What the tracker saw of each of `TRACKED`."""
    return [*face.blendshapes, face.yaw, face.pitch, face.roll]


def points_error(faces, true_faces):
    """Mean distance of tracked points on generated and true frames, pixels, or None."""
    errors = [
        np.linalg.norm((face.landmarks - true_face.landmarks)[:, :2], axis=1).mean()
        for face, true_face in zip(faces, true_faces, strict=True)
        if face is not None and true_face is not None
    ]
    return float(np.mean(errors)) if errors else None
