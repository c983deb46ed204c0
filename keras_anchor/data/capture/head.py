"""How a tracked head moves: its turns, sizes and places."""

from dataclasses import dataclass

import numpy as np

from keras_anchor.data.faces import angles, canonical_face, fit_similarity
from keras_anchor.face_model import rotation

# Where head and neck turn, in centimetres of the canonical face.
HEAD_JOINT, NECK_JOINT = (0.0, 2.0, -3.0), (0.0, 14.0, -5.0)


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

    @property
    def motion(self):
        """`(num_frames, 3, 3)` turn and size in one."""
        return self.scales[:, None, None] * self.turns

    def pick(self, frames):
        """The same head in some of its frames."""
        return Head(
            self.rest,
            self.joints,
            self.turns[frames],
            self.scales[frames],
            self.places[frames],
        )


def fit_head(landmarks):
    """Fits the rigid motion of landmarks `(num_frames, 478, 3)` in half frames."""
    template, weights = canonical_face()
    for _ in range(3):
        scales, turns, shifts = fit_similarity(template, landmarks[:, :468], weights)
        local = (landmarks - shifts[:, None]) @ turns
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
