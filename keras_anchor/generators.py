"""Generators: from controls to frames.

The whole face is a learned still picture, moved by face points and corrected by a
small U-Net; mouth and eyes come from denser decoders in windows that move with the
head. A decoder is trained alone first, as a generator of small aligned frames.
"""

import keras
import numpy as np
from keras import layers

from keras_anchor.controls import HIGH, INDEX, LOW, NAMES
from keras_anchor.face_model import MAX_DRAWN_POINTS, near, spread
from keras_anchor.geometry import FaceGeometry, HeadPlaces
from keras_anchor.layers import (
    DepthToSpace,
    Heatmaps,
    Limit,
    PointFlow,
    Resize,
    Upsample,
)
from keras_anchor.stills import AddPicture, MoveStill

CROPS = ("mouth", "eyes")
RANGES = LOW, HIGH
# How much farther than in the take the face may move, as a share of a control's range
# there, and the pose besides: a picture that is moved goes on where a network, which
# has only learned what the take showed, does not.
REACH = 0.25
POSE_REACH = {
    **dict.fromkeys(("headYaw", "headPitch", "headRoll"), 0.1),
    **dict.fromkeys(("headX", "headY", "headScale"), 0.05),
    **dict.fromkeys(("torsoX", "torsoY", "torsoRoll"), 0.03),
}


def convolve(x, filters, strides=1, style=None):
    """3 x 3 convolution and leaky ReLU; a style adds a bias to each channel."""
    x = layers.Conv2D(
        filters, 3, strides, padding="same", kernel_initializer="he_normal"
    )(x)
    if style is not None:
        bias = layers.Dense(filters, use_bias=False)(style)
        x = layers.Add()([x, layers.Reshape((1, 1, filters))(bias)])
    return layers.LeakyReLU(0.2)(x)


def embed(x, filters, style=None):
    """1 x 1 convolution that turns heat maps into features."""
    x = layers.Conv2D(filters, 1, kernel_initializer="he_normal")(x)
    if style is not None:
        bias = layers.Dense(filters, use_bias=False)(style)
        x = layers.Add()([x, layers.Reshape((1, 1, filters))(bias)])
    return layers.LeakyReLU(0.2)(x)


def style_of(controls, noise, size=64):
    """What heat maps don't say: `(batch, size + 62)`.

    Noise starts without effect, so that it only matters where data make it.
    """
    hidden = layers.Dense(size)(controls)
    shift = layers.Dense(size, use_bias=False, kernel_initializer="zeros")(noise)
    hidden = layers.LeakyReLU(0.2)(layers.Add()([hidden, shift]))
    return layers.Concatenate()([controls, hidden])


def inputs(noise_size):
    controls = keras.Input((len(NAMES),), name="controls")
    noise = keras.Input((noise_size,), name="noise")
    return controls, noise


def hold(controls, limits):
    """Controls within what the take showed, and a little farther for the geometry."""
    low, high = (np.asarray(limit, "float32") for limit in limits)
    margin = REACH * (high - low)
    for name, reach in POSE_REACH.items():
        margin[INDEX[name]] += reach
    wide = np.maximum(low - margin, LOW), np.minimum(high + margin, HIGH)
    return Limit(low, high, name="limit")(controls), Limit(*wide, name="reach")(
        controls
    )


def build_geometry(face_model, still_controls):
    """The layer that computes face points; the same constants in every network."""
    is_head = face_model.is_head & face_model.is_surface
    return FaceGeometry(
        len(face_model.neutral),
        int(is_head.sum()),
        face_model,
        still_controls,
        name="face_geometry",
    )


def build_crop_decoder(
    name,
    box,
    still_points,
    picture,
    noise_size=8,
    scale=1.0,
    frame_size=256,
    chosen=None,
):
    """Decoder of one head-fixed window, refined at full size.

    Its cells are two pixels wide, or four where a frame has 512 and more.

    Args:
        box: Left, top, right, bottom in the still picture, `[-1, 1]`.
        still_points: `(num_points, 2)` in the still picture.
        picture: `(height, width, channels)` in `[-1, 1]` where the mean picture starts.
        scale: Of the numbers of filters.
        frame_size: Side of the whole frame, in pixels.
        chosen: Indices of the points it sees; by default those in the box.

    Returns:
        Model from `controls`, `noise` and `points` on the head of the still,
        `(batch, num_points, 2)`, to the crop before its tanh.

    Reference:
        Means against grids: [Sugawara et al., 2018](https://arxiv.org/abs/1806.02658)
    """
    height, width, channels = picture.shape
    controls, noise = inputs(noise_size)
    points = keras.Input((len(still_points), 2), name="points")
    style = style_of(controls, noise)

    def filters(count):
        return max(4, round(count * scale))

    block = cell_size(frame_size)
    heat = Heatmaps(
        height // block,
        width // block,
        2.5 * block / frame_size,
        box,
        chosen=near(still_points, box) if chosen is None else chosen,
    )(points)
    # Multiples of 16 fill vector registers; full size is left for the last two layers.
    fine = embed(heat, filters(32), style)
    middle = convolve(fine, filters(48), 2, style)
    coarse = convolve(middle, filters(64), 2, style)
    x = convolve(coarse, filters(64))
    x = convolve(layers.Concatenate()([Upsample()(x), middle]), filters(48))
    x = convolve(layers.Concatenate()([Upsample()(x), fine]), filters(48))
    for count in (24, 16) if block == 4 else (16,):
        x = DepthToSpace(2)(convolve(x, 4 * filters(count)))
        if block == 4:
            # Neighbours come from different filters, which shows as a grid in skin.
            x = layers.AveragePooling2D(2, 1, "same")(x)
    x = convolve(x, filters(16))
    x = layers.Conv2D(channels, 3, padding="same", kernel_initializer=small())(x)
    x = AddPicture(picture.shape, box, picture, name="mean_picture")(x)
    return keras.Model([controls, noise, points], x, name=f"{name}_decoder")


def cell_size(frame_size):
    """Pixels of a crop's cell."""
    return 4 if frame_size >= 512 else 2


def small():
    return keras.initializers.RandomNormal(stddev=0.01)


def build_crop_generator(
    face_model, still_controls, decoder, noise_size=8, limits=RANGES
):
    """A decoder as a generator of its own: controls and noise to crops `[-1, 1]`."""
    controls, noise = inputs(noise_size)
    limited, reached = hold(controls, limits)
    points, affine = build_geometry(face_model, still_controls)(reached)
    points = HeadPlaces()(affine, points)
    crop = decoder([limited, noise, points])
    frames = layers.Activation("tanh", dtype="float32", name="frames")(crop)
    return keras.Model([controls, noise], frames, name=decoder.name + "_generator")


def build_generator(
    face_model,
    still,
    still_controls,
    decoders=(),
    boxes=(),
    noise_size=8,
    scale=1.0,
    grid_size=64,
    limits=RANGES,
    is_warped=True,
):
    """The whole generator.

    Args:
        face_model: `FaceModel` of the person.
        still: `(size, size, channels)` in `[-1, 1]`, the picture that is moved.
        still_controls: `(62,)` of that picture.
        decoders: Models of `build_crop_decoder`, one for each of `boxes`.
        boxes: Left, top, right, bottom of their windows in the still, `[-1, 1]`.
        scale: Of the U-Net's numbers of filters.
        grid_size: Cells along each side at which the U-Net sees the face.
        limits: Lowest and highest controls `(62,)` of the take; what goes beyond is
            held there, points a little farther.
        is_warped: False leaves the still where it is, but for the crops' windows, to
            see what moving it brings.

    Returns:
        Model from `controls` `(batch, 62)` and `noise` `(batch, noise_size)` to frames
        `(batch, size, size, channels)` in `[-1, 1]`.
    """
    size, _, channels = still.shape
    controls, noise = inputs(noise_size)
    limited, reached = hold(controls, limits)
    style = style_of(limited, noise)
    points, affine = build_geometry(face_model, still_controls)(reached)
    surface = np.flatnonzero(face_model.is_surface)
    still_points = face_model.points(np.asarray(still_controls)[None])[0]

    def filters(count):
        return max(4, round(count * scale))

    drawn = face_model.drawn_points
    if drawn is None:
        drawn = surface[spread(still_points[surface], MAX_DRAWN_POINTS)]
    heat = Heatmaps(grid_size, grid_size, 2.9 / grid_size, chosen=drawn)(points)
    skip0 = embed(heat, filters(24))
    skip1 = convolve(skip0, filters(48), 2)
    skip2 = convolve(skip1, filters(64), 2, style)
    x = convolve(skip2, filters(96), 2, style)
    x = convolve(x, filters(96), 1, style)
    x = convolve(layers.Concatenate()([Upsample()(x), skip2]), filters(64), 1, style)
    x = convolve(layers.Concatenate()([Upsample()(x), skip1]), filters(64))
    x = DepthToSpace(2)(convolve(x, 4 * filters(24)))
    x = layers.LeakyReLU(0.2)(layers.Add()([x, skip0]))
    # What is finer than this comes from the still, which has it.
    block = min(size // grid_size, 4)
    residual = layers.Conv2D(
        block**2 * channels, 3, padding="same", kernel_initializer=small()
    )(x)
    residual = DepthToSpace(block)(residual)
    if block * grid_size < size:
        residual = Resize(size)(residual)
    flow = PointFlow(grid_size, surface, still_points[surface])
    if is_warped:
        shift = layers.Conv2D(2, 3, padding="same", kernel_initializer="zeros")(x)
        places = layers.Add()([flow(points), layers.Rescaling(0.1)(shift)])
    else:
        places = flow(layers.Rescaling(0.0, still_points.tolist())(points))
    move = MoveStill(still.shape, still, boxes, name="still")
    if decoders:
        head_places = HeadPlaces(grid_size)(affine)
        still_place = HeadPlaces()(affine, points)
        crops = [decoder([limited, noise, still_place]) for decoder in decoders]
        x = move(places, residual, head_places, crops)
    else:
        x = move(places, residual)
    frames = layers.Activation("tanh", dtype="float32", name="frames")(x)
    return keras.Model([controls, noise], frames, name="generator")
