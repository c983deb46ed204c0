"""The face model inside the network: points and the head's motion from controls."""

import keras
import numpy as np
from keras import ops

from keras_anchor.controls import INDEX
from keras_anchor.face_model import NECK_SHARE
from keras_anchor.layers import constant, grid, register


@register
class FaceGeometry(keras.layers.Layer):
    """Face points and the head's motion, computed from controls by a `FaceModel`.

    The face model is constant: it is saved with the layer and never trained.

    Args:
        num_points: Points of the face model.
        num_head_points: How many of them the head's motion is measured on.
        face_model: Where the constants come from; None when loaded from a file.
        still_controls: `(62,)` at which the still picture was taken.

    Call arguments:
        controls: `(batch, 62)`.

    Returns:
        points: `(batch, num_points, 2)` in `[-1, 1]`.
        affine: `(batch, 3, 2)`; `[x, y, 1] @ affine` takes a head's place in the still
            picture to its place in the frame.
    """

    def __init__(
        self,
        num_points,
        num_head_points,
        face_model=None,
        still_controls=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.num_points = num_points
        self.num_head_points = num_head_points
        self.constants = {}
        if face_model is not None:
            self.constants = face_constants(face_model, still_controls)

    def build(self, controls_shape):
        num_points, num_head_points = self.num_points, self.num_head_points
        for name, shape in {
            "neutral": (num_points * 3,),
            "offsets": (controls_shape[-1], num_points * 3),
            "skin": (num_points, 3),
            "joints": (2, 3),
            "viewer": (1,),
            "head_neutral": (num_head_points, 3),
            "head_skin": (num_head_points, 3),
            "head_solver": (3, num_head_points),
        }.items():
            value = self.constants.get(name)
            initializer = "zeros" if value is None else constant(value)
            weight = self.add_weight(
                name=name, shape=shape, initializer=initializer, trainable=False
            )
            setattr(self, name, weight)

    def call(self, controls):
        shape = self.neutral + ops.matmul(controls, self.offsets)
        shape = ops.reshape(shape, (-1, self.num_points, 3))
        bones = self.bones(controls)
        points = self.project(shape, self.skin, bones)
        head = self.project(self.head_neutral[None], self.head_skin, bones)
        return points, ops.matmul(self.head_solver, head)

    def bones(self, controls):
        """Rotation transposed `(batch, 3, 3)` and shift of torso, neck and head."""

        def take(name):
            return controls[:, INDEX[name] : INDEX[name] + 1]

        yaw, pitch, roll = take("headYaw"), take("headPitch"), take("headRoll")
        zero = ops.zeros_like(yaw)
        turn = rotation_transposed(yaw, pitch, roll)
        neck_turn = rotation_transposed(
            NECK_SHARE * yaw, NECK_SHARE * pitch, NECK_SHARE * roll
        )
        torso_turn = rotation_transposed(zero, zero, take("torsoRoll"))
        head_shift = ops.concatenate([take("headX"), take("headY"), zero], 1) * 2.0
        torso_shift = ops.concatenate([take("torsoX"), take("torsoY"), zero], 1) * 2.0
        neck_joint, head_joint = self.joints[:1], self.joints[1:]
        head_turn = turn * ops.exp(take("headScale"))[..., None]

        def about(joint, matrix):
            return joint - ops.matmul(joint[None], matrix)[:, 0]

        link = ops.matmul((head_joint - neck_joint)[None], neck_turn)[:, 0]
        head_joint_now = link + neck_joint + head_shift
        head_offset = head_joint_now - ops.matmul(head_joint[None], head_turn)[:, 0]
        return (
            (torso_turn, about(neck_joint, torso_turn) + torso_shift),
            (neck_turn, about(neck_joint, neck_turn) + (head_shift + torso_shift) / 2),
            (head_turn, head_offset),
        )

    def project(self, shape, skin, bones):
        moved = 0.0
        for index, (turn, shift) in enumerate(bones):
            share = skin[:, index : index + 1]
            moved += share * (ops.matmul(shape, turn) + shift[:, None])
        depth = self.viewer / (self.viewer - moved[..., 2:])
        return moved[..., :2] * depth

    def get_config(self):
        return super().get_config() | {
            "num_points": self.num_points,
            "num_head_points": self.num_head_points,
        }


def face_constants(face_model, still_controls):
    """The arrays that `FaceGeometry` holds."""
    is_head = face_model.is_head & face_model.is_surface
    still = np.asarray(still_controls, "float32")[None]
    source = face_model.points(still, expression=False)[0, is_head]
    source = np.concatenate([source, np.ones((len(source), 1))], 1)
    return {
        "neutral": face_model.neutral,
        "offsets": face_model.offsets,
        "skin": face_model.skin,
        "joints": face_model.joints,
        "viewer": face_model.distance,
        "head_neutral": face_model.neutral[is_head],
        "head_skin": face_model.skin[is_head],
        "head_solver": np.linalg.pinv(source),
    }


def rotation_transposed(yaw, pitch, roll):
    """Transposes `(batch, 3, 3)` of `face_model.rotation`; angles `(batch, 1)`."""
    a, b, c = ops.cos(yaw), ops.cos(pitch), ops.cos(roll)
    s, t, u = ops.sin(yaw), ops.sin(pitch), ops.sin(roll)
    columns = (
        *(a * c + s * t * u, b * u, a * t * u - s * c),
        *(s * t * c - a * u, b * c, s * u + a * t * c),
        *(s * b, -t, a * b),
    )
    return ops.reshape(ops.concatenate(columns, 1), (-1, 3, 3))


@register
class HeadPlaces(keras.layers.Layer):
    """Takes places in the frame back to where they lie on the head of the still.

    Args:
        size: With it, the places are the centres of `size` x `size` cells, and only
            `affine` is given.

    Call arguments:
        affine: `(batch, 3, 2)` of `FaceGeometry`.
        places: `(batch, n, 2)` in `[-1, 1]`.

    Returns:
        `(batch, n, 2)`, or `(batch, size, size, 2)`.
    """

    def __init__(self, size=None, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def call(self, affine, places=None):
        if self.size:
            places = np.reshape(grid(self.size, self.size), (1, -1, 2))
        a, b = affine[:, 0, :1], affine[:, 0, 1:]
        c, d = affine[:, 1, :1], affine[:, 1, 1:]
        inverse = ops.concatenate([d, -b, -c, a], 1) / (a * d - b * c)
        inverse = ops.reshape(inverse, (-1, 2, 2))
        places = ops.matmul(places - affine[:, 2:], inverse)
        if self.size:
            places = ops.reshape(places, (-1, self.size, self.size, 2))
        return places

    def get_config(self):
        return super().get_config() | {"size": self.size}
