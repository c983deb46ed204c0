"""Layers that hold learned pictures, and move them."""

import keras
import numpy as np
import tensorflow as tf

from keras_anchor.layers import cell_centres, constant, fused, grid, register

# Over how many half frames a head-fixed window fades out at its border.
WINDOW_EDGE = 6 / 128


@register
class AddPicture(keras.layers.Layer):
    """Adds a learned picture, kept before the tanh; outside its window, it is alone.

    Args:
        shape: Height, width, channels.
        box: Left, top, right, bottom of the picture in the still, `[-1, 1]`.
        picture: Where it starts, in `[-1, 1]`; None when loaded.
    """

    def __init__(self, shape, box, picture=None, **kwargs):
        super().__init__(**kwargs)
        self.shape = [int(side) for side in shape]
        self.box = [float(side) for side in box]
        self.picture = picture

    def build(self, _):
        self.pixels = self.add_weight(
            name="pixels", shape=(1, *self.shape), initializer=before_tanh(self.picture)
        )
        self.mask = window_mask(self.box, *self.shape[:2])

    def call(self, x):
        return x * self.mask + self.pixels

    def get_config(self):
        return super().get_config() | {"shape": self.shape, "box": self.box}


def before_tanh(picture):
    """Initializer with the inverse tanh of a picture in `[-1, 1]`; zeros for None."""
    if picture is None:
        return "zeros"
    return constant(np.arctanh(np.clip(picture, -0.97, 0.97)))


@register
class MoveStill(keras.layers.Layer):
    """Moves a learned still picture to where the face is, and adds what moving can't.

    Inside the windows of crops, the picture is the crop and moves with the head;
    elsewhere it moves as `places` say. A sharpening, 0 in training, puts back what
    sampling between pixels has blurred; see `sharpness.match_sharpness`.

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
        self.sharpening = self.add_weight(
            name="sharpening", shape=(), initializer="zeros", trainable=False
        )

    def call(self, places, residual, head_places=None, crops=(), training=False):
        picture = tf.convert_to_tensor(self.pixels)
        share = None
        if self.boxes:
            picture = insert_crops(picture, crops, self.boxes)
            places, share = join_places(places, head_places, self.boxes)
        moved = fused(warp, training)(picture, places)
        if not training:
            moved = sharpen(moved, self.sharpening)
        return moved + hold_back(residual, share, self.shape[0])

    def compute_output_shape(self, places_shape, residual_shape, *_):
        return residual_shape

    def get_config(self):
        return super().get_config() | {"shape": self.shape, "boxes": self.boxes}


def join_places(places, head_places, boxes):
    """Places that move with the head inside the windows, and how much: `(..., 1)`."""
    share = window_share(head_places, boxes)
    return places + (head_places - places) * share, share


def hold_back(residual, share, size):
    """What is added to a moved picture of `size` pixels: nothing where it is a crop's.

    Args:
        residual: `(batch, side, side, channels)`, enlarged where it is smaller.
        share: `(batch, cells, cells, 1)` of `join_places`; None without crops.
    """
    if residual.shape[1] != size:
        residual = tf.image.resize(residual, (size, size))
    if share is None:
        return residual
    return residual * (1.0 - tf.image.resize(share, (size, size)))


def sharpen(frames, amount):
    """Adds an amount of what halving and enlarging a frame again takes away.

    Of 512 pixels, quartering: their outlines are wider, and single pixels would be
    raised that nobody wants to see.
    """
    size = frames.shape[1]
    block = sharpening_block(size)
    small = tf.nn.avg_pool2d(frames, block, block, "SAME")
    return frames + (frames - tf.image.resize(small, [size, size])) * amount


def sharpening_block(size):
    """Pixels over which a frame of this size is averaged to be sharpened."""
    return max(2, size // 128)


def window_share(places, boxes, edge=WINDOW_EDGE):
    """How much places `(..., 2)` belong to any window: `(..., 1)`, fading over `edge`.

    Windows are the ellipses in the boxes: in a box's corners lies what does not move
    with the head, collar and background.
    """
    share = 0.0
    for left, top, right, bottom in boxes:
        half = np.array([right - left, bottom - top], "float32") / 2.0
        centre = np.array([left + right, top + bottom], "float32") / 2.0
        distance = tf.reduce_sum(tf.square((places - centre) / half), -1, keepdims=True)
        inside = (1.0 - distance) * (half.min() / (2.0 * edge))
        share = tf.maximum(share, tf.clip_by_value(inside, 0.0, 1.0))
    return share


def window_mask(box, height, width):
    """`(1, height, width, 1)`: 1 where a crop will be seen, 0 outside its window."""
    left, top, right, bottom = box
    xs, ys = cell_centres(left, right, width), cell_centres(top, bottom, height)
    places = np.stack(np.meshgrid(xs, ys), -1)[None]
    with tf.init_scope():
        return np.minimum(1.0, 4.0 * window_share(places, [box]).numpy())


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


def warp(picture, places):
    """Samples a picture bilinearly at places given on a coarser grid.

    One gather for each of the four neighbours: packing them into channels of one
    gather takes TFLite 23 ms instead of 8, for the slices that pack.

    Args:
        picture: `(batch or 1, height, width, channels)`.
        places: `(batch, rows, columns, 2)`, x and y in `[-1, 1]`.

    Returns:
        `(batch, height, width, channels)`.

    Reference:
        [Jaderberg et al., 2015, equation 5](https://arxiv.org/abs/1506.02025)
    """
    height, width, channels = picture.shape[1:]
    # Motion, not places, is enlarged: at the border a resize repeats what it has.
    motion = places - grid(*places.shape[1:3])
    places = grid(height, width) + tf.image.resize(motion, (height, width))
    # The limit must stay under the last pixel when float16 rounds it.
    sides = np.array([width, height], "float32")
    places = (places + 1.0) * (sides / 2) - 0.5
    places = tf.clip_by_value(places, np.zeros(2, "float32"), sides - 1.25)
    corner = tf.floor(places)
    column, row = tf.split(corner, 2, -1)
    across, down = tf.split(tf.reshape(places - corner, (-1, 2)), 2, -1)
    index = tf.cast(row * float(width) + column, tf.int32)
    if picture.shape[0] != 1:
        frame = tf.range(tf.shape(picture)[0])[:, None, None, None]
        index += frame * (height * width)
    index = tf.reshape(index, (-1,))
    flat = tf.reshape(picture, (-1, channels))
    left, right, low_left, low_right = (
        tf.gather(flat, index + offset) for offset in (0, 1, width, width + 1)
    )
    top = left + (right - left) * across
    bottom = low_left + (low_right - low_left) * across
    return tf.reshape(top + (bottom - top) * down, (-1, height, width, channels))
