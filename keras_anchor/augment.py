"""More expressions than were filmed: crops, moved to what lies between two frames."""

import numpy as np
import tensorflow as tf

from keras_anchor.controls import BLENDSHAPES
from keras_anchor.generators import build_geometry
from keras_anchor.geometry import HeadPlaces
from keras_anchor.layers import Heatmaps, grid
from keras_anchor.stills import warp

# Of so many crops, and up to so far on the way to another frame's expression.
SHARE, MAX_MIX = 0.7, 0.4
# Cells of the flow, in pixels; how far a point's motion reaches, in half frames.
CELL, SIGMA = 4, 0.03
# Irises lie in no surface that could carry them.
STAYS = "eyeLook"


class MixExpressions:
    """Moves crops part of the way to another frame's expression, and says so.

    A network that has seen few frames learns them by heart. Here, face points tell how
    far each place moves when the expression changes a little, and the crop moves with
    them: the network learns that this is what controls do, around every frame.

    Args:
        face_model: `FaceModel`.
        still_controls: `(62,)` of the still.
        box: Left, top, right, bottom of the crops in the still, `[-1, 1]`.
        controls: `(num_frames, 62)` of all training frames.
        seed: With a step's number, decides what the step draws.

    Call arguments:
        step: int64, the step's number.
        controls: `(batch, 62)`.
        crops: uint8 `(batch, height, width, channels)`.

    Returns:
        Controls as they were given, but for expressions, and float crops in `[-1, 1]`.

    Reference:
        [Zhang et al., 2018](https://arxiv.org/abs/1710.09412), who mix pictures where
        this moves them
    """

    def __init__(self, face_model, still_controls, box, controls, seed):
        self.others = tf.constant(controls, tf.float32)
        self.mixes = np.zeros(controls.shape[1], "float32")
        for index, control in enumerate(BLENDSHAPES):
            self.mixes[index] = not control.name.startswith(STAYS)
        self.box, self.seed = box, seed
        points = face_model.points(np.asarray(still_controls)[None])[0]
        low, high = np.reshape(box, (2, 2))
        is_near = (points > low - 3 * SIGMA) & (points < high + 3 * SIGMA)
        self.near = np.flatnonzero(is_near.all(1) & face_model.is_surface)
        self.head_places = HeadPlaces()
        with tf.device("/cpu:0"):  # Where data are prepared.
            self.geometry = build_geometry(face_model, still_controls)
            self.geometry.build((None, len(self.mixes)))

    def __call__(self, step, controls, crops):
        mixed = controls + self.draw(step, controls.shape[0]) * (
            self.draw_others(step, controls.shape[0]) - controls
        )
        motion = self.motion(controls, mixed, *crops.shape[1:3])
        pictures = tf.cast(crops, tf.float32) / 127.5 - 1.0
        return mixed, warp(pictures, grid(*motion.shape[1:3]) + motion)

    def draw(self, step, count):
        """How much of each control changes: `(count, 62)`."""
        share, chance = tf.unstack(
            tf.random.stateless_uniform([2, count, 1], self.seeds(step, 0))
        )
        return share * tf.where(chance < SHARE, MAX_MIX, 0.0) * self.mixes

    def draw_others(self, step, count):
        """Controls `(count, 62)` of any frames."""
        index = tf.random.stateless_uniform(
            [count], self.seeds(step, 1), 0, len(self.others), tf.int32
        )
        return tf.gather(self.others, index)

    def seeds(self, step, purpose):
        # Others than those that choose the frames.
        return tf.stack([tf.cast(self.seed, tf.int64), -1 - 2 * step - purpose])

    def motion(self, before, after, height, width):
        """Where from, less where: `(batch, rows, columns, 2)` in crops of `[-1, 1]`."""
        rows, columns = height // CELL, width // CELL
        old, new = (self.places(controls) for controls in (before, after))
        shares = Heatmaps(rows, columns, SIGMA, self.box)(new)
        shares = tf.reshape(shares, (-1, rows * columns, len(self.near)))
        motion = shares @ (old - new)
        motion = motion / (tf.reduce_sum(shares, -1, keepdims=True) + 0.02)
        low, high = np.reshape(self.box, (2, 2)).astype("float32")
        motion = tf.reshape(motion, (-1, rows, columns, 2))
        return motion * (2.0 / (high - low))

    def places(self, controls):
        """Places of the points near by on the head of the still."""
        points, affine = self.geometry(controls)
        return self.head_places(affine, tf.gather(points, self.near, axis=1))
