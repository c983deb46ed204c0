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
)
from keras_anchor.data.presenters.landmark_shapes import (
    VERTICES_PATH,
    face_landmarks,
    landmark_shapes,
)
from keras_anchor.face_model import MAX_DRAWN_POINTS, FaceModel, near, spread

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
    chosen = face_landmarks()
    rest = fit.neutral + fit.head.joints[1]
    local = rest + np.tensordot(fit.weights[is_train], fit.offsets, 1)
    return assemble(
        rest,
        fit.offsets[:, chosen],
        np.tile([0.0, 0.0, 1.0], (len(chosen), 1)),
        joints=fit.head.joints.astype("float32"),
        distance=DISTANCE,
        mouth_box=window(local[:, [*LIPS, CHIN, NOSE_BASE]], 0.05),
        eyes_box=window(local[:, [*EYES, *BROWS]], 0.04),
        face_box=window(local[:, list(OVAL)], 0.02),
    )


def build_presenter_model(presenter, exact):
    """A built-in presenter's `FaceModel` with the points that people's have.

    What is learned on it starts a person's networks.

    Args:
        presenter: `Presenter`.
        exact: Its `FaceModel`, whose windows it takes.
    """
    rest, _ = landmark_shapes(presenter.name)
    vertices = np.load(VERTICES_PATH)[face_landmarks()]
    rig = presenter.rig
    return assemble(
        rest,
        rig.offsets[: len(NAMES), vertices],
        rig.skin[vertices],
        joints=rig.joints,
        distance=rig.distance,
        mouth_box=exact.mouth_box,
        eyes_box=exact.eyes_box,
        face_box=exact.face_box,
    )


def assemble(rest, offsets, skin, **settings):
    """A `FaceModel` of chosen landmarks and the torso's points.

    Args:
        rest: `(478, 3)` landmarks at rest.
        offsets: `(52, num_chosen, 3)`.
        skin: `(num_chosen, 3)`.
        settings: Joints, distance and boxes of the `FaceModel`.
    """
    chosen, still = face_landmarks(), torso_points(rest)
    neutral = np.concatenate([rest[chosen], still]).astype("float32")
    all_offsets = np.zeros((len(ctl.NAMES), *neutral.shape), "float32")
    all_offsets[: len(NAMES), : len(chosen)] = offsets
    still_skin = np.tile([1.0, 0.0, 0.0], (len(still), 1))
    is_surface = np.ones(len(neutral), bool)
    is_surface[[chosen.index(landmark) for landmark in IRISES]] = False
    return FaceModel(
        neutral=neutral,
        offsets=all_offsets,
        skin=np.concatenate([skin, still_skin]).astype("float32"),
        is_surface=is_surface,
        **point_sets(is_surface),
        **settings,
    )


def point_sets(is_surface):
    """Which points each network sees: chosen on the generic face, the same for all."""
    generic, _ = landmark_shapes()
    points = np.concatenate([generic[face_landmarks()], torso_points(generic)])[:, :2]
    surface = np.flatnonzero(is_surface)

    def box(landmarks, margin):
        low, high = generic[landmarks, :2].min(0), generic[landmarks, :2].max(0)
        return np.concatenate([low - margin, high + margin])

    return {
        "drawn_points": surface[spread(points[surface], MAX_DRAWN_POINTS)],
        "mouth_points": near(points, box([*LIPS, CHIN, NOSE_BASE], 0.05)),
        "eyes_points": near(points, box([*EYES, *BROWS], 0.04)),
    }


def points_error(face_model, controls, landmarks):
    """Mean distance of a face model's points to tracked landmarks, in half frames.

    Args:
        controls: `(num_frames, 62)`.
        landmarks: `(num_frames, 478, 3)` in half frames.
    """
    chosen = face_landmarks()
    points = face_model.points(controls)[:, : len(chosen)]
    error = np.linalg.norm(points - landmarks[:, chosen, :2], axis=-1)
    return float(error.mean())


def torso_points(rest):
    """Points `(num_points, 3)` at shoulders, chest and the frame's border."""
    edge = np.linspace(-0.98, 0.98, 9)
    border = [(x, y) for x in edge for y in edge if max(abs(x), abs(y)) > 0.9]
    chin = rest[CHIN, 1]
    width = np.ptp(rest[list(OVAL), 0])
    rows = chin + 0.35 * width, chin + 0.6 * width
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
