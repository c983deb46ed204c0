import numpy as np
import tensorflow as tf

from keras_anchor import controls as ctl
from keras_anchor.layers import compiled
from keras_anchor.stills import AddPicture, insert_crops, warp, window_share

BOX = [-0.5, -0.25, 0.5, 0.5]


def sample(picture, x, y):
    """Bilinear sampling as written: slow and obvious; x, y in pixels."""
    size = len(picture)
    x, y = np.clip(x, 0, size - 1.25), np.clip(y, 0, size - 1.25)
    left, top = int(x), int(y)
    across, down = x - left, y - top
    rows = picture[top : top + 2, left : left + 2]
    return (rows * [[[1 - across], [across]]]).sum(1).T @ [1 - down, down]


def test_warp_samples_bilinearly(rng):
    picture = rng.normal(size=(1, 8, 8, 3)).astype("float32")
    places = rng.uniform(-1.2, 1.2, (2, 8, 8, 2)).astype("float32")
    expected = [
        [
            [sample(picture[0], *((place + 1) * 4 - 0.5)) for place in row]
            for row in rows
        ]
        for rows in places
    ]
    np.testing.assert_allclose(warp(picture, places), expected, atol=1e-5)


def test_compiled_warp_has_the_same_gradients(rng):
    picture = tf.constant(rng.normal(size=(2, 8, 8, 3)), tf.float32)
    places = tf.constant(rng.uniform(-1, 1, (2, 8, 8, 2)), tf.float32)
    gradients = []
    for function in (warp, compiled(warp)):
        with tf.GradientTape() as tape:
            tape.watch([picture, places])
            total = tf.reduce_sum(tf.square(function(picture, places)))
        gradients.append(tape.gradient(total, [picture, places]))
    for one, two in zip(*gradients, strict=True):
        np.testing.assert_allclose(one, two, atol=1e-4)


def test_crop_replaces_the_middle_of_its_box(rng):
    picture = tf.constant(rng.normal(size=(1, 64, 64, 3)), tf.float32)
    crop = tf.constant(rng.normal(size=(2, 32, 32, 3)), tf.float32)
    mixed = insert_crops(picture, [crop], [[-0.5, -0.5, 0.5, 0.5]])
    np.testing.assert_allclose(mixed[:, 24:40, 24:40], crop[:, 8:24, 8:24], atol=1e-6)
    outside = np.broadcast_to(picture[:, :15], (2, 15, 64, 3))
    np.testing.assert_allclose(mixed[:, :15], outside, atol=1e-6)


def test_still_comes_out_where_nothing_moves(tiny_face_model, rng):
    from keras_anchor.generators import build_generator

    still = rng.uniform(-0.9, 0.9, (64, 64, 4)).astype("float32")
    generator = build_generator(
        tiny_face_model, still, ctl.NEUTRAL, noise_size=2, scale=0.25, grid_size=16
    )
    frames = generator([ctl.NEUTRAL[None], np.zeros((1, 2))])
    # What is left is the residual's small random start.
    assert np.abs(frames[0] - still).mean() < 0.02


def test_window_is_whole_inside_and_gone_in_corners():
    inside = [[0.0, 0.125], [0.2, 0.1], [0.0, 0.35]]
    outside = [[-0.45, 0.45], [0.45, -0.2], [0.6, 0.1]]
    assert (window_share(tf.constant(inside), [BOX]).numpy() == 1.0).all()
    assert (window_share(tf.constant(outside), [BOX]).numpy() == 0.0).all()


def test_picture_is_alone_outside_its_window(rng):
    picture = rng.uniform(-0.9, 0.9, (24, 32, 3)).astype("float32")
    layer = AddPicture(picture.shape, BOX, picture)
    added = np.tanh(layer(np.full((1, 24, 32, 3), 0.5, "float32")))[0]
    np.testing.assert_allclose(added[0, 0], picture[0, 0], atol=1e-5)
    expected = np.tanh(np.arctanh(picture[12, 16]) + 0.5)
    np.testing.assert_allclose(added[12, 16], expected, atol=1e-5)
