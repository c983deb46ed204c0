"""Layers that draw points, and lay pixels out."""

import functools

import keras
import numpy as np
import tensorflow as tf
from keras import ops

register = keras.saving.register_keras_serializable(package="keras_anchor")


def constant(value):
    return lambda shape, dtype=None: ops.convert_to_tensor(
        np.reshape(value, shape), dtype or "float32"
    )


def cell_centres(low, high, count):
    """`(count,)` centres of equal cells between `low` and `high`."""
    return (low + (np.arange(count) + 0.5) / count * (high - low)).astype("float32")


@register
class Limit(keras.layers.Layer):
    """Holds each control within what the take showed.

    Beyond, points and pictures are extrapolated, and fall to pieces.

    Args:
        low, high: `(62,)`; None when loaded.

    Call arguments:
        controls: `(batch, 62)`.

    Returns:
        `(batch, 62)`.
    """

    def __init__(self, low=None, high=None, **kwargs):
        super().__init__(**kwargs)
        self.initial = {"low": low, "high": high}

    def build(self, controls_shape):
        self.low, self.high = (
            self.add_weight(
                name=name,
                shape=(controls_shape[-1],),
                initializer="zeros" if value is None else constant(value),
                trainable=False,
            )
            for name, value in self.initial.items()
        )

    def call(self, controls):
        return ops.minimum(ops.maximum(controls, self.low), self.high)

    def get_config(self):
        return super().get_config()  # The limits are weights.


@register
class Heatmaps(keras.layers.Layer):
    """Draws points as Gaussians on a grid.

    Args:
        height, width: Cells of the grid.
        sigma: Standard deviation, in half frames.
        box: Left, top, right, bottom of the grid, in `[-1, 1]`.
        chosen: Indices of the points to draw; all by default.

    Call arguments:
        points: `(batch, num_points, 2)` in `[-1, 1]`.

    Returns:
        `(batch, height, width, len(chosen))` in `[0, 1]`.
    """

    def __init__(self, height, width, sigma, box=(-1, -1, 1, 1), chosen=None, **kwargs):
        super().__init__(**kwargs)
        self.height, self.width, self.sigma = height, width, sigma
        self.box = [float(side) for side in box]
        self.chosen = None if chosen is None else [int(index) for index in chosen]

    def call(self, points):
        if self.chosen is not None:
            points = tf.gather(points, self.chosen, axis=1)
        left, top, right, bottom = self.box

        def falloff(places, low, high, count):
            distances = places[:, None] - cell_centres(low, high, count)[:, None]
            return ops.exp(ops.square(distances) * (-0.5 / self.sigma**2))

        along_x = falloff(points[..., 0], left, right, self.width)
        along_y = falloff(points[..., 1], top, bottom, self.height)
        return along_y[:, :, None] * along_x[:, None]

    def get_config(self):
        return super().get_config() | {
            "height": self.height,
            "width": self.width,
            "sigma": self.sigma,
            "box": self.box,
            "chosen": self.chosen,
        }


@register
class PointFlow(keras.layers.Layer):
    """Where in the still picture each cell of a grid comes from.

    Each cell takes the Gaussian-weighted mean motion of the points near it; where
    none is near, it stays.

    Args:
        size: Cells along each side.
        chosen: Indices of the points that carry pictures.
        still_points: `(len(chosen), 2)` where they lie in the still; None when loaded.
        sigma: Standard deviation of the weights, in half frames.

    Call arguments:
        points: `(batch, num_points, 2)` in `[-1, 1]`.

    Returns:
        `(batch, size, size, 2)` places in the still, x and y in `[-1, 1]`.
    """

    def __init__(self, size, chosen, still_points=None, sigma=0.10, **kwargs):
        super().__init__(**kwargs)
        self.size, self.sigma = size, sigma
        self.chosen = [int(index) for index in chosen]
        self.initial = still_points
        self.weights_of = Heatmaps(size, size, sigma)

    def build(self, points_shape):
        self.still_points = self.add_weight(
            name="still_points",
            shape=(len(self.chosen), 2),
            initializer="zeros" if self.initial is None else constant(self.initial),
            trainable=False,
        )
        self.grid = grid(self.size, self.size)

    def call(self, points):
        points = tf.gather(points, self.chosen, axis=1)
        shares = self.weights_of(points)
        shares = ops.reshape(shares, (-1, self.size**2, len(self.chosen)))
        motion = ops.matmul(shares, self.still_points - points)
        motion = motion / (ops.sum(shares, -1, keepdims=True) + 0.02)
        return self.grid + ops.reshape(motion, (-1, self.size, self.size, 2))

    def get_config(self):
        return super().get_config() | {
            "size": self.size,
            "chosen": self.chosen,
            "sigma": self.sigma,
        }


def grid(height, width):
    """Centres of cells `(1, height, width, 2)`, x and y in `[-1, 1]`."""
    xs, ys = cell_centres(-1, 1, width), cell_centres(-1, 1, height)
    return np.stack(np.meshgrid(xs, ys), -1)[None].astype("float32")


@register
class Upsample(keras.layers.Layer):
    """Doubles height and width by repeating pixels.

    `keras.layers.UpSampling2D` becomes Tile in TF.js, which is slow.
    """

    def call(self, x):
        height, width = x.shape[1:3]
        return tf.image.resize(x, (2 * height, 2 * width), "nearest")

    def compute_output_shape(self, shape):
        return (shape[0], 2 * shape[1], 2 * shape[2], shape[3])


@register
class Resize(keras.layers.Layer):
    """Enlarges bilinearly to `size` by `size`."""

    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def call(self, x):
        return tf.image.resize(x, (self.size, self.size))

    def compute_output_shape(self, shape):
        return (shape[0], self.size, self.size, shape[3])

    def get_config(self):
        return super().get_config() | {"size": self.size}


@register
class DepthToSpace(keras.layers.Layer):
    """Lays channels out as pixels, `block` by `block` for each."""

    def __init__(self, block, **kwargs):
        super().__init__(**kwargs)
        self.block = block

    def call(self, x):
        return tf.nn.depth_to_space(x, self.block)

    def get_config(self):
        return super().get_config() | {"block": self.block}


def fused(function, training=True):
    """`function` compiled by XLA where that pays: in training, on one replica.

    Chains of small operations on whole frames run three times faster in one loop
    (measured: 130 ms to 46 ms a step for `warp`); convolutions do not, exported graphs
    must not, and Keras' `fit` on several replicas can not.
    """
    if not training or tf.distribute.get_strategy().num_replicas_in_sync > 1:
        return function
    return compiled(function)


@functools.cache
def compiled(function):
    return tf.function(function, jit_compile=True)
