"""From tracked landmarks to controls, and to a face model of one person."""

from dataclasses import dataclass

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.data.faces import NAMES, angles, canonical_face, fit_similarity
from keras_anchor.face_model import NECK_SHARE, FaceModel, rotation

# fmt: off
LIPS = (
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269,
    270, 409, 78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 191, 80, 81, 82, 13,
    312, 311, 310, 415,
)
EYES = (
    33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173,
    263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398,
)
BROWS = (
    46, 53, 52, 65, 55, 70, 63, 105, 66, 107,
    276, 283, 282, 295, 285, 300, 293, 334, 296, 336,
)
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400,
    377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103,
    67, 109,
)
NOSE = (1, 2, 4, 5, 6, 45, 48, 64, 94, 97, 98, 115, 129, 168, 195, 197, 275, 278, 294,
        326, 327, 344, 358)
# fmt: on
IRISES = tuple(range(468, 478))
CHIN, NOSE_BASE = 152, 2
NUM_SPREAD = 40
# Where head and neck turn, in centimetres of the canonical face.
HEAD_JOINT, NECK_JOINT = (0.0, 2.0, -3.0), (0.0, 14.0, -5.0)
# Weak perspective: the viewer is as good as infinitely far away, in half frames.
DISTANCE = 1000.0
# Depth from one camera is a guess, so it counts less than places in the picture.
DEPTH_WEIGHT = 0.2
RIDGE = 3e-4
NEUTRAL_PERCENTILE, MAX_NEUTRAL = 10, 0.7
# Windows lie on a grid of sixteenths of the frame.
CELL = 0.125


@dataclass
class Head:
    """How one head moved against its usual pose.

    Args:
        rest: `(478, 3)` landmarks at the median pose, half frames, z to the viewer.
        joints: `(2, 3)` neck and head joints at rest.
        turns: `(num_frames, 3, 3)` rotations from rest.
        scales: `(num_frames,)` sizes from rest.
        places: `(num_frames, 3)` of the head joint.
    """

    rest: np.ndarray
    joints: np.ndarray
    turns: np.ndarray
    scales: np.ndarray
    places: np.ndarray


def smooth(values):
    """Quadratic Savitzky-Golay filter over 5 frames: no lag, and blinks keep depth."""
    kernel = np.array([-3.0, 12.0, 17.0, 12.0, -3.0]) / 35.0
    padded = np.pad(values, [(2, 2)] + [(0, 0)] * (values.ndim - 1), "edge")
    return sum(k * padded[i : i + len(values)] for i, k in enumerate(kernel))


def fit_head(landmarks):
    """Fits the rigid motion of landmarks `(num_frames, 478, 3)` in half frames."""
    template, weights = canonical_face()
    for _ in range(3):
        fits = [fit_similarity(template, frame[:468], weights) for frame in landmarks]
        scales, turns, shifts = (np.array(part) for part in zip(*fits, strict=True))
        local = np.einsum("nji,npj->npi", turns, landmarks - shifts[:, None])
        shape = np.median(local / scales[:, None, None], 0)
        template = shape[:468]
    usual_turn = rotation(*np.median(angles(turns), 1))
    usual_scale, usual_shift = np.median(scales), np.median(shifts, 0)

    def at_rest(positions):
        return usual_scale * positions @ usual_turn.T + usual_shift

    joint = np.array(HEAD_JOINT)
    places = scales[:, None] * (turns @ joint) + shifts
    rest, joints = at_rest(shape), at_rest(np.array([NECK_JOINT, HEAD_JOINT]))
    # At rest the joint lies where it lies in most frames.
    move = np.median(places, 0) - joints[1]
    return Head(
        rest=rest + move,
        joints=joints + move,
        turns=turns @ usual_turn.T,
        scales=scales / usual_scale,
        places=places,
    )


def calibrate(blendshapes):
    """Blendshapes `(num_frames, 52)` against the person's own neutral face.

    A face at rest scores .3 or more for some shapes. What it scores in most frames
    becomes 0, and 1 stays 1.
    """
    neutral = np.percentile(blendshapes, NEUTRAL_PERCENTILE, axis=0)
    neutral = np.minimum(neutral, MAX_NEUTRAL)
    return np.clip((blendshapes - neutral) / (1.0 - neutral), 0.0, 1.0)


def track_controls(blendshapes, head, torso):
    """Controls `(num_frames, 62)` of a tracked head and torso.

    The pose is measured from the clip's median: 0 is how this person usually looks.

    Args:
        torso: `(num_frames, 3)` x and y in crop widths, roll in radians.
    """
    controls = np.tile(ctl.NEUTRAL, (len(blendshapes), 1))
    controls[:, : len(NAMES)] = calibrate(blendshapes)
    yaw, pitch, roll = angles(head.turns)
    neck_joint, head_joint = head.joints
    neck_turn = rotation(NECK_SHARE * yaw, NECK_SHARE * pitch, NECK_SHARE * roll)
    shift = head.places - neck_joint - neck_turn @ (head_joint - neck_joint)
    pose = {
        "headYaw": yaw,
        "headPitch": pitch,
        "headRoll": roll,
        "headX": shift[:, 0] / 2.0,
        "headY": shift[:, 1] / 2.0,
        "headScale": np.log(head.scales),
        "torsoX": torso[:, 0],
        "torsoY": torso[:, 1],
        "torsoRoll": torso[:, 2],
    }
    for name, values in pose.items():
        controls[:, ctl.INDEX[name]] = values
    return ctl.clip(controls)


def choose_landmarks(rest):
    """All of lips, eyes, brows, nose, outline and irises, and some between them."""
    chosen = list(dict.fromkeys(LIPS + EYES + BROWS + OVAL + NOSE + IRISES))
    distance = np.linalg.norm(rest[:468, None] - rest[None, chosen], axis=-1).min(1)
    for _ in range(NUM_SPREAD):
        chosen.append(int(distance.argmax()))
        added = np.linalg.norm(rest[:468] - rest[chosen[-1]], axis=-1)
        distance = np.minimum(distance, added)
    return chosen


def fit_face_model(controls, landmarks, head, is_train):
    """Fits a `FaceModel` whose points follow tracked landmarks.

    With the pose known, landmarks are linear in the neutral face and the offsets of
    the blendshapes: one ridge regression serves all points.

    Args:
        controls: `(num_frames, 62)` of `track_controls`.
        landmarks: `(num_frames, 478, 3)` in half frames, z toward the viewer.
        is_train: `(num_frames,)` booleans.

    Returns:
        The face model and its mean error in half frames on the other frames.
    """
    chosen = choose_landmarks(head.rest)
    neck_joint, head_joint = head.joints
    turns = head.scales[:, None, None] * head.turns
    inputs = np.column_stack([np.ones(len(controls)), controls[:, : len(NAMES)]])
    targets = landmarks[:, chosen] - head.places[:, None]
    x, turn, y = inputs[is_train], turns[is_train], targets[is_train]
    weighted = turn * np.array([1.0, 1.0, DEPTH_WEIGHT])[:, None]
    gram = np.einsum("nki,nkj->nij", weighted, turn)
    normal = np.einsum("na,nb,nij->aibj", x, x, gram, optimize=True)
    normal = normal.reshape(3 * x.shape[1], -1)
    normal[np.arange(3, len(normal)), np.arange(3, len(normal))] += RIDGE * len(x)
    moment = np.einsum("na,nki,npk->aip", x, weighted, y, optimize=True)
    solution = np.linalg.solve(normal, moment.reshape(len(normal), -1))
    solution = solution.reshape(x.shape[1], 3, -1).transpose(0, 2, 1)

    still = torso_points(head.rest)
    neutral = np.concatenate([solution[0] + head_joint, still]).astype("float32")
    offsets = np.zeros((len(ctl.NAMES), *neutral.shape), "float32")
    offsets[: len(NAMES), : len(chosen)] = solution[1:]
    skin = np.zeros_like(neutral)
    skin[: len(chosen), 2], skin[len(chosen) :, 0] = 1.0, 1.0
    is_surface = np.ones(len(neutral), bool)
    is_surface[[chosen.index(landmark) for landmark in IRISES]] = False
    local = np.einsum("nji,npj->npi", head.turns, landmarks - head.places[:, None])
    local = (local / head.scales[:, None, None] + head_joint)[is_train]
    face_model = FaceModel(
        neutral=neutral,
        offsets=offsets,
        skin=skin,
        joints=head.joints.astype("float32"),
        distance=DISTANCE,
        mouth_box=window(local[:, [*LIPS, CHIN, NOSE_BASE]], 0.05),
        eyes_box=window(local[:, [*EYES, *BROWS]], 0.04),
        face_box=window(local[:, list(OVAL)], 0.02),
        is_surface=is_surface,
    )
    if is_train.all():
        return face_model, float("nan")
    points = face_model.points(controls[~is_train])[:, : len(chosen)]
    error = np.linalg.norm(points - landmarks[~is_train][:, chosen, :2], axis=-1)
    return face_model, float(error.mean())


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
