"""Layers of a photo's generator: parts that move, laid over one another."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from keras_anchor.controls import BLENDSHAPES
from keras_anchor.layers import constant, grid, register
from keras_anchor.stills import warp

NUM_BLENDSHAPES = len(BLENDSHAPES)
# A full step would swing to and fro where a part is stretched to twice its size.
NUM_STEPS, STEP = 6, 0.75


def invert(shift, num_steps=NUM_STEPS):
    """Where what lies at each cell now came from.

    Args:
        shift: `(batch, rows, columns, 2)` how far each cell's picture moved, in halves
            of the grid's sides.
        num_steps: Of the search for a fixed point.

    Returns:
        `(batch, rows, columns, 2)` places in `[-1, 1]`.
    """
    cells = grid(*shift.shape[1:3])
    places = cells - shift
    for _ in range(num_steps - 1):
        places = places + STEP * (cells - warp(shift, places) - places)
    return places


@register
class PartPlaces(keras.layers.Layer):
    """Where in a part's picture each cell of its window comes from.

    Args:
        rows, columns: Cells.
        motion: `(53, rows, columns, 2)` how far the picture moves for one unit of each
            blendshape, and at rest; in halves of the window's sides. None when loaded.

    Call arguments:
        controls: `(batch, 62)`.

    Returns:
        `(batch, rows, columns, 2)` places in the picture, `[-1, 1]`.
    """

    def __init__(self, rows, columns, motion=None, **kwargs):
        super().__init__(**kwargs)
        self.rows, self.columns = rows, columns
        self.motion = motion

    def build(self, _):
        size = self.rows * self.columns * 2
        parts = {"rest": None, "offsets": None}
        if self.motion is not None:
            parts = {"rest": self.motion[-1], "offsets": self.motion[:-1]}
        shapes = {"rest": (size,), "offsets": (NUM_BLENDSHAPES, size)}
        self.rest, self.offsets = (
            self.add_weight(
                name=name,
                shape=shapes[name],
                initializer="zeros" if value is None else constant(value),
                trainable=False,
            )
            for name, value in parts.items()
        )

    def call(self, controls):
        shift = ops.matmul(controls[:, :NUM_BLENDSHAPES], self.offsets) + self.rest
        return invert(ops.reshape(shift, (-1, self.rows, self.columns, 2)))

    def get_config(self):
        return super().get_config() | {
            "rows": self.rows,
            "columns": self.columns,
        }


@register
class PartPicture(keras.layers.Layer):
    """A picture that is moved.

    Args:
        shape: Height, width, channels.
        picture: None when loaded.

    Call arguments:
        places: `(batch, rows, columns, 2)` where in the picture each cell comes from.

    Returns:
        `(batch, height, width, channels)`.
    """

    def __init__(self, shape, picture=None, **kwargs):
        super().__init__(**kwargs)
        self.shape = [int(side) for side in shape]
        self.picture = picture

    def build(self, _):
        self.pixels = self.add_weight(
            name="pixels",
            shape=(1, *self.shape),
            initializer="zeros" if self.picture is None else constant(self.picture),
            trainable=False,
        )

    def call(self, places):
        return warp(tf.convert_to_tensor(self.pixels), places)

    def compute_output_shape(self, places_shape):
        return (places_shape[0], *self.shape)

    def get_config(self):
        return super().get_config() | {"shape": self.shape}


@register
class LayFace(keras.layers.Layer):
    """Lays a face's parts over one another, back to front.

    Args:
        shape: Height, width, channels of the still.
        boxes: `{"face", "mouth", "eyes"}`: left, top, right, bottom in pixels.
        still, cavity: Pictures of the whole and colour of the throat; None when
            loaded.

    Call arguments:
        parts: `{name: (batch, height, width, channels)}`, as `data.photo.parts.Parts`.

    Returns:
        The still with its new expression, `(batch, *shape)`.
    """

    def __init__(self, shape, boxes, still=None, cavity=None, **kwargs):
        super().__init__(**kwargs)
        self.shape = [int(side) for side in shape]
        self.boxes = {name: [int(side) for side in box] for name, box in boxes.items()}
        self.initial = {"still": still, "cavity": cavity}

    def build(self, _):
        shapes = {"still": (1, *self.shape), "cavity": (3,)}
        self.still, self.cavity = (
            self.add_weight(
                name=name,
                shape=shapes[name],
                initializer="zeros" if value is None else constant(value),
                trainable=False,
            )
            for name, value in self.initial.items()
        )

    def call(self, parts):
        face = parts["face"]
        skin = self.cut(face[..., :3], "mouth")
        face = self.insert(face, self.lay_mouth(skin, parts) - skin, "mouth")
        skin = self.cut(face[..., :3], "eyes")
        face = self.insert(face, self.lay_eyes(skin, parts) - skin, "eyes")
        left, top, right, bottom = self.boxes["face"]
        height, width, _ = self.shape
        still = tf.convert_to_tensor(self.still)
        change = face - still[:, top:bottom, left:right]
        padding = [[0, 0], [top, height - bottom], [left, width - right], [0, 0]]
        return still + tf.pad(change, padding)

    def lay_mouth(self, skin, parts):
        inside = lay(self.cavity, parts["lower_teeth"])
        inside = lay(inside, parts["upper_teeth"])
        upper, lower = parts["upper_lip"], parts["lower_lip"]
        # Light is what colour is above black, which is -1.
        inside = (inside + 1.0) * upper[..., 5:] - 1.0
        opening = upper[..., 4:5] * lower[..., 4:5]
        skin = skin + (inside - skin) * opening
        return lay(lay(skin, lower), upper)

    def lay_eyes(self, skin, parts):
        skin = lay(skin, parts["eyes"])
        return lay(lay(skin, parts["lower_lid"]), parts["upper_lid"])

    def cut(self, face, name):
        left, top, right, bottom = self.inside(name)
        return face[:, top:bottom, left:right]

    def insert(self, face, change, name):
        left, top, right, bottom = self.inside(name)
        height, width = face.shape[1:3]
        padding = [[0, 0], [top, height - bottom], [left, width - right]]
        return face + tf.pad(change, [*padding, [0, face.shape[-1] - 3]])

    def inside(self, name):
        """A box in pixels of the face's."""
        return (
            np.array(self.boxes[name]) - np.tile(self.boxes["face"][:2], 2)
        ).tolist()

    def compute_output_shape(self, parts_shape):
        return (parts_shape["face"][0], *self.shape)

    def get_config(self):
        return super().get_config() | {"shape": self.shape, "boxes": self.boxes}


def lay(below, part):
    """RGB and how much it covers, `(..., 4 or more)`, over a picture."""
    return below + (part[..., :3] - below) * part[..., 3:4]


@register
class TurnStill(keras.layers.Layer):
    """Moves a picture as the points of a grid moved that covered it.

    Args:
        rows: Of the grid, and its columns.

    Call arguments:
        points: `(batch, rows * rows, 2)` where the centres of the cells are now.
        picture: `(batch, size, size, channels)`.

    Returns:
        `(batch, size, size, channels)`.
    """

    def __init__(self, rows, **kwargs):
        super().__init__(**kwargs)
        self.rows = rows

    def call(self, points, picture):
        points = ops.reshape(points, (-1, self.rows, self.rows, 2))
        return warp(picture, invert(points - grid(self.rows, self.rows)))

    def compute_output_shape(self, points_shape, picture_shape):
        return picture_shape

    def get_config(self):
        return super().get_config() | {"rows": self.rows}
