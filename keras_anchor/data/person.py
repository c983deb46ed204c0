"""The `FaceModel` of the person in a clip, from what was fitted to it."""

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.data.faces import NAMES
from keras_anchor.data.landmarks import (
    BROWS,
    CHIN,
    EYES,
    IRISES,
    LIPS,
    NOSE_BASE,
    OVAL,
    choose_landmarks,
)
from keras_anchor.face_model import FaceModel

# Weak perspective: the viewer is as good as infinitely far away, in half frames.
DISTANCE = 1000.0
# Windows lie on a grid of sixteenths of the frame.
CELL = 0.125


def build_face_model(fit, is_train):
    """A `FaceModel` with the landmarks that matter, shoulders and border.

    Args:
        fit: `FaceFit`.
        is_train: `(num_frames,)` booleans, the frames that windows are made for.
    """
    neck_joint, head_joint = fit.head.joints
    rest = fit.neutral + head_joint
    chosen, still = choose_landmarks(rest), torso_points(rest)
    neutral = np.concatenate([rest[chosen], still]).astype("float32")
    offsets = np.zeros((len(ctl.NAMES), *neutral.shape), "float32")
    offsets[: len(NAMES), : len(chosen)] = fit.offsets[:, chosen]
    skin = np.zeros_like(neutral)
    skin[: len(chosen), 2], skin[len(chosen) :, 0] = 1.0, 1.0
    is_surface = np.ones(len(neutral), bool)
    is_surface[[chosen.index(landmark) for landmark in IRISES]] = False
    local = rest + np.tensordot(fit.weights[is_train], fit.offsets, 1)
    return FaceModel(
        neutral=neutral,
        offsets=offsets,
        skin=skin,
        joints=fit.head.joints.astype("float32"),
        distance=DISTANCE,
        mouth_box=window(local[:, [*LIPS, CHIN, NOSE_BASE]], 0.05),
        eyes_box=window(local[:, [*EYES, *BROWS]], 0.04),
        face_box=window(local[:, list(OVAL)], 0.02),
        is_surface=is_surface,
    )


def points_error(face_model, controls, landmarks, fit):
    """Mean distance of a face model's points to tracked landmarks, in half frames.

    Args:
        controls: `(num_frames, 62)`.
        landmarks: `(num_frames, 478, 3)` in half frames.
        fit: The `FaceFit` that the face model was built from.
    """
    chosen = choose_landmarks(fit.neutral + fit.head.joints[1])
    points = face_model.points(controls)[:, : len(chosen)]
    error = np.linalg.norm(points - landmarks[:, chosen, :2], axis=-1)
    return float(error.mean())


def torso_points(rest):
    """Points `(num_points, 3)` at shoulders, chest and the frame's border."""
    edge = np.linspace(-0.98, 0.98, 9)
    border = [(x, y) for x in edge for y in edge if max(abs(x), abs(y)) > 0.9]
    chin = rest[CHIN, 1]
    width = np.ptp(rest[list(OVAL), 0])
    rows = [y for y in (chin + 0.35 * width, chin + 0.6 * width) if y < 0.9]
    chest = [(x, y) for y in rows for x in np.linspace(-0.8, 0.8, 7)]
    flat = np.array(border + chest)
    return np.column_stack([flat, np.full(len(flat), rest[:468, 2].min())])


def window(points, margin):
    """Box `(4,)` on the grid around nearly all places `(num_frames, n, 3)` went to."""
    low = np.percentile(points[..., :2], 2, axis=0).min(0) - margin
    high = np.percentile(points[..., :2], 98, axis=0).max(0) + margin
    size = np.ceil((high - low) / CELL - 1e-6)
    start = np.rint((low + high) / 2.0 / CELL - size / 2.0)
    limit = round(1.0 / CELL)
    start = np.clip(start, -limit, np.maximum(limit - size, -limit))
    stop = np.minimum(start + size, limit)
    return (np.concatenate([start, stop]) * CELL).astype("float32")
