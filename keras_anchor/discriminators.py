"""Discriminators: frames and controls to patch logits and features."""

import keras
from keras import layers

from keras_anchor.controls import NAMES
from keras_anchor.face_model import near
from keras_anchor.generators import build_geometry
from keras_anchor.geometry import HeadPlaces
from keras_anchor.layers import Heatmaps


def build_crop_discriminator(
    face_model, still_controls, box, height, width, frame_size=256, scale=1.0
):
    """Judges head-fixed crops, told by heat maps where the face points are.

    Two heads score patches: fine ones for texture, coarse ones for shape.

    Args:
        box: Left, top, right, bottom of the crop in the still picture, `[-1, 1]`.
        height, width: Of the crop, in pixels, multiples of 4.
        frame_size: Side of the whole frame, in pixels.
        scale: Of the numbers of filters.

    Returns:
        Model from `[frames, controls]`, frames `(batch, height, width, 3)`, to a dict:
        `logits`, a list of `(batch, height, width, 1)`, and `features`, a list.

    Reference:
        Patch logits: [Isola et al., 2017, section 3.2.2](
        https://arxiv.org/abs/1611.07004)
    """
    frames = keras.Input((height, width, 3), name="frames")
    controls = keras.Input((len(NAMES),), name="controls")
    points, affine = build_geometry(face_model, still_controls)(controls)
    points = HeadPlaces()(affine, points)
    still_points = face_model.points(still_controls[None])[0]
    heat = Heatmaps(
        height // 2, width // 2, 5.0 / frame_size, box, near(still_points, box)
    )(points)

    def convolve(x, filters, size, strides):
        x = layers.Conv2D(
            max(4, round(filters * scale)),
            size,
            strides,
            padding="same",
            kernel_initializer="he_normal",
        )(x)
        return layers.LeakyReLU(0.2)(x)

    first = convolve(frames, 24, 3, 1)
    second = convolve(first, 32, 4, 2)
    second = layers.Concatenate()([second, convolve(heat, 12, 1, 1)])
    third = convolve(second, 56, 4, 2)
    fourth = convolve(third, 72, 3, 1)
    logits = [
        layers.Conv2D(1, 3, padding="same", dtype="float32")(x)
        for x in (fourth, second)
    ]
    features = [first, second, third, fourth]
    return keras.Model([frames, controls], {"logits": logits, "features": features})
