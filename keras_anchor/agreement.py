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
        of `GROUPS`, and the mean over all; empty where nothing moves.
    """
    pairs = [
        (read_controls(face), read_controls(true_face))
        for face, true_face in zip(faces, true_faces, strict=True)
        if face is not None and true_face is not None
    ]
    if len(pairs) < 3:
        return {}
    seen, truth = np.array(pairs).transpose(1, 2, 0)
    scores = {
        name: float(np.corrcoef(row, true_row)[0, 1]) if row.std() > 1e-6 else 0.0
        for name, row, true_row in zip(TRACKED, seen, truth, strict=True)
        if true_row.std() > MIN_MOTION
    }
    groups = {
        group: [score for name, score in scores.items() if name.startswith(prefix)]
        for group, prefix in GROUPS.items()
    }
    return scores and {
        "mean": float(np.mean(list(scores.values()))),
        "groups": {name: float(np.mean(some)) for name, some in groups.items() if some},
        "controls": scores,
    }


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
