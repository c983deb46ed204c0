"""From tracked landmarks to one person's face, its expressions and its pose."""

from dataclasses import dataclass

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.data.capture.head import Head, fit_head
from keras_anchor.data.faces import (
    LEFT_EYE,
    NAMES,
    RIGHT_EYE,
    angles,
    canonical_face,
    fit_similarity,
)
from keras_anchor.data.landmarks import EYES, IRISES, LIPS
from keras_anchor.data.presenters.landmark_shapes import landmark_shapes
from keras_anchor.face_model import NECK_SHARE, rotation

# Depth from one camera is a guess, so it counts less than places in the picture.
DEPTH_WEIGHT = 0.2
NEUTRAL_PERCENTILE, MAX_NEUTRAL = 10, 0.7
# Where people look, a landmark counts more.
LOOKED_AT, LOOKED_AT_WEIGHT = (*LIPS, *EYES, *IRISES), 3.0
# What it costs to leave the network's scores, and the generic shapes. In half frames
# squared: a score's whole unit against all landmarks off by .005.
SCORE_COST, SHAPE_COST = 1e-2, 4e-4
# The neutral face stays near to the calmest frames, in the same unit.
NEUTRAL_COST, CALM_SHARE, NUM_CALM, LIPS_APART = 0.3, 0.03, 10, 20.0
UPPER_LIP, LOWER_LIP = 13, 14
NUM_ROUNDS, NUM_SWEEPS = 4, 30
# The person's shapes are learned from so many frames, and all are solved in such parts.
NUM_SHAPE_FRAMES, PART_FRAMES = 1500, 500


@dataclass
class FaceFit:
    """One person's face, and what it does in each frame.

    Args:
        neutral: `(478, 3)` landmarks without expression, from the head joint, in half
            frames.
        offsets: `(52, 478, 3)` what one unit of each blendshape adds.
        weights: `(num_frames, 52)` of the blendshapes, `[0, 1]`.
        head: The `Head`.
    """

    neutral: np.ndarray
    offsets: np.ndarray
    weights: np.ndarray
    head: Head

    def landmarks(self):
        """`(num_frames, 478, 3)` as the fit has them, in half frames."""
        shape = self.neutral + np.tensordot(self.weights, self.offsets, 1)
        turned = shape @ np.swapaxes(self.head.motion, 1, 2)
        return turned + self.head.places[:, None]


def smooth(values):
    """Quadratic Savitzky-Golay filter over 5 frames: no lag, and blinks keep depth."""
    kernel = np.array([-3.0, 12.0, 17.0, 12.0, -3.0]) / 35.0
    padded = np.pad(values, [(2, 2)] + [(0, 0)] * (values.ndim - 1), "edge")
    return sum(k * padded[i : i + len(values)] for i, k in enumerate(kernel))


def calibrate(blendshapes, chosen=slice(None)):
    """Blendshapes `(num_frames, 52)` against the person's own neutral face.

    A face at rest scores .3 or more for some shapes. What it scores in most of the
    chosen frames becomes 0, and 1 stays 1.
    """
    neutral = np.percentile(blendshapes[chosen], NEUTRAL_PERCENTILE, axis=0)
    neutral = np.minimum(neutral, MAX_NEUTRAL)
    return np.clip((blendshapes - neutral) / (1.0 - neutral), 0.0, 1.0)


def fit_face(landmarks, blendshapes, is_train=None, is_fitted=True):
    """Fits face, expressions and pose to the landmarks of one person's clip.

    In turns: expressions with the face and the pose as they are, within their bounds
    and near to what the blendshape network says; the person's own neutral face and
    shapes, near to generic ones; the pose. So controls carry the accuracy that the
    landmarks have, and mean the same for every person.

    Args:
        landmarks: `(num_frames, 478, 3)` in half frames, z toward the viewer.
        blendshapes: `(num_frames, 52)` of the tracker.
        is_train: `(num_frames,)` booleans, the frames that the person's face is
            learned from; all by default. Its usual pose is that of all frames.
        is_fitted: False takes expressions as the network scores them, to see what
            fitting brings.

    Returns:
        `FaceFit`.
    """
    head = fit_head(landmarks)
    chosen = np.arange(len(landmarks)) if is_train is None else np.flatnonzero(is_train)
    scores = calibrate(blendshapes, chosen)
    generic_neutral, generic_offsets = landmark_shapes()
    _, rigid = canonical_face()
    scale, turn, _ = fit_similarity(generic_neutral[:468], head.rest[:468], rigid)
    generic = scale * generic_offsets @ turn.T
    neutral = calm_face(landmarks[chosen], scores[chosen], head.pick(chosen))
    chosen = chosen[:: -(-len(chosen) // NUM_SHAPE_FRAMES)]
    few = FaceFit(neutral, generic, scores[chosen], head.pick(chosen))
    for _ in range(NUM_ROUNDS):
        if is_fitted:
            few.weights = fit_expressions(few, landmarks[chosen], scores[chosen])
        few.neutral, few.offsets = fit_shapes(few, landmarks[chosen], neutral, generic)
        fit_pose(few, landmarks[chosen])
    weights = np.empty_like(scores)
    for start in range(0, len(landmarks), PART_FRAMES):
        part = np.arange(start, min(start + PART_FRAMES, len(landmarks)))
        fit = FaceFit(few.neutral, few.offsets, scores[part], head.pick(part))
        for _ in range(NUM_ROUNDS):
            if is_fitted:
                fit.weights = fit_expressions(fit, landmarks[part], scores[part])
            fit_pose(fit, landmarks[part])
        weights[part] = fit.weights
        head.turns[part], head.scales[part] = fit.head.turns, fit.head.scales
        head.places[part] = fit.head.places
    return FaceFit(few.neutral, few.offsets, weights, head)


def point_weights():
    weights = np.ones(478)
    weights[list(LOOKED_AT)] = LOOKED_AT_WEIGHT
    return weights


def metric(motion):
    """`(num_frames, 3, 3)`: what a step in the head's own axes costs in the picture."""
    seen = motion * np.array([1.0, 1.0, DEPTH_WEIGHT])[:, None]
    return np.swapaxes(seen, 1, 2) @ motion


def residuals(motion, error):
    """Errors `(num_frames, n, 3)` in the picture, weighted, in the head's own axes."""
    return error * np.array([1.0, 1.0, DEPTH_WEIGHT]) @ motion


def fit_expressions(fit, landmarks, scores):
    """Blendshape weights `(num_frames, 52)` with face and pose as they are."""
    motion, counts = fit.head.motion, point_weights()
    still = fit.neutral @ np.swapaxes(motion, 1, 2) + fit.head.places[:, None]
    error = residuals(motion, landmarks - still) * counts[:, None]
    pairs = np.einsum(
        "apj,p,bpk->jkab", fit.offsets, counts, fit.offsets, optimize=True
    )
    gram = np.tensordot(metric(motion), pairs, 2)
    moment = error.reshape(len(error), -1) @ fit.offsets.reshape(len(NAMES), -1).T
    gram += SCORE_COST * np.eye(len(NAMES))
    moment += SCORE_COST * scores
    return bounded_least_squares(gram, moment, fit.weights)


def bounded_least_squares(gram, moment, start):
    """Minimizes `w' gram w / 2 - moment' w` with w in `[0, 1]`, one frame a row.

    Coordinate descent, all frames at once.

    Args:
        gram: `(num_frames, n, n)`.
        moment, start: `(num_frames, n)`.
    """
    weights = start.copy()
    slope = moment - (gram @ weights[..., None])[..., 0]
    for _ in range(NUM_SWEEPS):
        for k in range(weights.shape[1]):
            step = slope[:, k] / gram[:, k, k]
            new = np.clip(weights[:, k] + step, 0.0, 1.0)
            slope -= gram[:, :, k] * (new - weights[:, k])[:, None]
            weights[:, k] = new
    return weights


def calm_face(landmarks, scores, head):
    """Landmarks `(478, 3)` from the head joint in the frames with least expression.

    Lips apart count most: a face that speaks all the time is not neutral in most
    frames, but in those in which it shuts its mouth.
    """
    gaps = np.linalg.norm(landmarks[:, UPPER_LIP] - landmarks[:, LOWER_LIP], axis=-1)
    widths = np.linalg.norm(landmarks[:, LEFT_EYE] - landmarks[:, RIGHT_EYE], axis=-1)
    effort = np.square(scores).sum(1) + LIPS_APART * gaps / widths
    calm = np.argsort(effort)[: max(NUM_CALM, round(CALM_SHARE * len(effort)))]
    local = (landmarks[calm] - head.places[calm, None]) @ head.turns[calm]
    return np.median(local / head.scales[calm, None, None], 0)


def fit_shapes(fit, landmarks, neutral, generic):
    """The person's neutral face and shapes, with expressions and pose as they are.

    Landmarks are linear in both, so one ridge regression toward the generic shapes
    serves all points.
    """
    motion = fit.head.motion
    inputs = np.column_stack([np.ones(len(landmarks)), fit.weights])
    target = residuals(motion, landmarks - fit.head.places[:, None])
    gram = np.einsum("na,nb,nij->aibj", inputs, inputs, metric(motion), optimize=True)
    gram = gram.reshape(3 * inputs.shape[1], -1)
    costs = [NEUTRAL_COST, *[SHAPE_COST] * len(NAMES)]
    cost = len(landmarks) * np.repeat(costs, 3)
    moment = np.tensordot(inputs, target, (0, 0)).transpose(0, 2, 1)
    start = np.concatenate([neutral[None], generic]).transpose(0, 2, 1)
    start = start.reshape(len(gram), -1)
    moment = moment.reshape(len(gram), -1) + cost[:, None] * start
    shapes = np.linalg.solve(gram + np.diag(cost), moment)
    shapes = shapes.reshape(inputs.shape[1], 3, -1).transpose(0, 2, 1)
    return shapes[0], shapes[1:]


def fit_pose(fit, landmarks):
    """Refits the head to landmarks that an expression has moved."""
    shape = fit.neutral + np.tensordot(fit.weights, fit.offsets, 1)
    scales, turns, places = fit_similarity(shape, landmarks, point_weights())
    fit.head.scales, fit.head.turns, fit.head.places = scales, turns, places


def fit_controls(fit, torso):
    """Controls `(num_frames, 62)` of a fitted face and a tracked torso.

    The pose is measured from the clip's median: 0 is how this person usually looks.

    Args:
        torso: `(num_frames, 3)` x and y in crop widths, roll in radians.
    """
    head = fit.head
    controls = np.tile(ctl.NEUTRAL, (len(fit.weights), 1))
    controls[:, : len(NAMES)] = fit.weights
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
