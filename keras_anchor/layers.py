"""Layers that draw points, and move learned pictures by them."""

import functools

import keras
import numpy as np
import tensorflow as tf
from keras import ops

# Over how many half frames a head-fixed window fades out at its border.
WINDOW_EDGE = 10 / 128

register = keras.saving.register_keras_serializable(package="keras_anchor")


def constant(value):
    return lambda shape, dtype=None: ops.convert_to_tensor(
        np.reshape(value, shape), dtype or "float32"
    )


def cell_centres(low, high, count):
    """`(count,)` centres of equal cells between `low` and `high`."""
    return (low + (np.arange(count) + 0.5) / count * (high - low)).astype("float32")


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
class DepthToSpace(keras.layers.Layer):
    """Lays channels out as pixels, `block` by `block` for each."""

    def __init__(self, block, **kwargs):
        super().__init__(**kwargs)
        self.block = block

    def call(self, x):
        return tf.nn.depth_to_space(x, self.block)

    def get_config(self):
        return super().get_config() | {"block": self.block}


@register
class AddPicture(keras.layers.Layer):
    """Adds a learned picture, kept before the tanh.

    Args:
        shape: Height, width, channels.
        picture: Where it starts, in `[-1, 1]`; None when loaded.
    """

    def __init__(self, shape, picture=None, **kwargs):
        super().__init__(**kwargs)
        self.shape = [int(side) for side in shape]
        self.picture = picture

    def build(self, _):
        self.pixels = self.add_weight(
            name="pixels", shape=(1, *self.shape), initializer=before_tanh(self.picture)
        )

    def call(self, x):
        return x + self.pixels

    def get_config(self):
        return super().get_config() | {"shape": self.shape}


def before_tanh(picture):
    """Initializer with the inverse tanh of a picture in `[-1, 1]`; zeros for None."""
    if picture is None:
        return "zeros"
    return constant(np.arctanh(np.clip(picture, -0.97, 0.97)))


@register
class MoveStill(keras.layers.Layer):
    """Moves a learned still picture to where the face is, and adds what moving can't.

    Inside the windows of crops, the picture is the crop and moves with the head;
    elsewhere it moves as `places` say.

    Args:
        shape: Height, width, channels of the still, height and width the same.
        picture: Where the still starts, in `[-1, 1]`; None when loaded.
        boxes: Left, top, right, bottom of each crop in the still, `[-1, 1]`.

    Call arguments:
        places: `(batch, cells, cells, 2)` where in the still each cell comes from.
        residual: `(batch, size, size, channels)`, added after moving.
        head_places: `(batch, cells, cells, 2)` where in the still each cell would come
            from if all moved like the head; needed for crops.
        crops: List of `(batch, height, width, channels)`, one for each box.

    Returns:
        `(batch, size, size, channels)` before the tanh.
    """

    def __init__(self, shape, picture=None, boxes=(), **kwargs):
        super().__init__(**kwargs)
        self.shape = [int(side) for side in shape]
        self.picture = picture
        self.boxes = [[float(side) for side in box] for box in boxes]

    def build(self, *_):
        self.pixels = self.add_weight(
            name="pixels", shape=(1, *self.shape), initializer=before_tanh(self.picture)
        )

    def call(self, places, residual, head_places=None, crops=(), training=False):
        picture = tf.convert_to_tensor(self.pixels)
        if self.boxes:
            picture = insert_crops(picture, crops, self.boxes)
            share = window_share(head_places, self.boxes)
            places = places + (head_places - places) * share
            residual = residual * (1.0 - tf.image.resize(share, self.shape[:2]))
        return fused(warp, training)(picture, places) + residual

    def compute_output_shape(self, places_shape, residual_shape, *_):
        return residual_shape

    def get_config(self):
        return super().get_config() | {"shape": self.shape, "boxes": self.boxes}


def window_share(places, boxes, edge=WINDOW_EDGE):
    """How much places `(..., 2)` belong to any box: `(..., 1)`, fading over `edge`."""
    share = 0.0
    for left, top, right, bottom in boxes:
        low = tf.minimum(places - [left, top], [right, bottom] - places)
        inside = tf.minimum(low[..., :1], low[..., 1:]) / edge
        share = tf.maximum(share, tf.clip_by_value(inside, 0.0, 1.0))
    return share


def insert_crops(picture, crops, boxes):
    """Lays crops into a picture `(1, size, size, channels)`, each fading out."""
    size = picture.shape[1]
    for box, crop in zip(boxes, crops, strict=True):
        left, top, right, bottom = pixels(box, size)
        share = window_share(tf.constant(grid(size, size)), [box])
        padding = [[0, 0], [top, size - bottom], [left, size - right], [0, 0]]
        crop = crop * share[:, top:bottom, left:right]
        picture = picture * (1.0 - share) + tf.pad(crop, padding)
    return picture


def pixels(box, size):
    """A box in `[-1, 1]` as whole pixels left, top, right, bottom."""
    return [round((float(side) + 1.0) * size / 2.0) for side in box]


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


def warp(picture, places):
    """Samples a picture bilinearly at places given on a coarser grid.

    One gather for each of the four neighbours: packing them into channels of one
    gather takes TFLite 23 ms instead of 8, for the slices that pack.

    Args:
        picture: `(batch or 1, size, size, channels)`.
        places: `(batch, height, width, 2)`, x and y in `[-1, 1]`.

    Returns:
        `(batch, size, size, channels)`.

    Reference:
        [Jaderberg et al., 2015, equation 5](https://arxiv.org/abs/1506.02025)
    """
    size, channels = picture.shape[1], picture.shape[-1]
    # Motion, not places, is enlarged: at the border a resize repeats what it has.
    motion = places - grid(*places.shape[1:3])
    places = grid(size, size) + tf.image.resize(motion, (size, size))
    # The limit must stay under the last pixel when float16 rounds it.
    places = tf.clip_by_value((places + 1.0) * (size / 2) - 0.5, 0.0, size - 1.25)
    corner = tf.floor(places)
    column, row = tf.split(corner, 2, -1)
    across, down = tf.split(tf.reshape(places - corner, (-1, 2)), 2, -1)
    index = tf.cast(row * float(size) + column, tf.int32)
    if picture.shape[0] != 1:
        frame = tf.range(tf.shape(picture)[0])[:, None, None, None]
        index += frame * size**2
    index = tf.reshape(index, (-1,))
    flat = tf.reshape(picture, (-1, channels))
    left, right, low_left, low_right = (
        tf.gather(flat, index + offset) for offset in (0, 1, size, size + 1)
    )
    top = left + (right - left) * across
    bottom = low_left + (low_right - low_left) * across
    return tf.reshape(top + (bottom - top) * down, (-1, size, size, channels))
