import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_anchor import controls as ctl
from keras_anchor.generators import build_geometry
from keras_anchor.geometry import HeadPlaces
from keras_anchor.layers import Heatmaps, PointFlow, compiled, grid, insert_crops, warp


@pytest.fixture
def controls(rng):
    return rng.uniform(ctl.LOW, ctl.HIGH, (5, 62)).astype("float32")


def sample(picture, x, y):
    """Bilinear sampling as written: slow and obvious; x, y in pixels."""
    size = len(picture)
    x, y = np.clip(x, 0, size - 1.25), np.clip(y, 0, size - 1.25)
    left, top = int(x), int(y)
    across, down = x - left, y - top
    rows = picture[top : top + 2, left : left + 2]
    return (rows * [[[1 - across], [across]]]).sum(1).T @ [1 - down, down]


def test_points_are_the_face_models(tiny_face_model, controls):
    layer = build_geometry(tiny_face_model, controls[0])
    points, affine = layer(controls)
    np.testing.assert_allclose(points, tiny_face_model.points(controls), atol=1e-5)
    expected = tiny_face_model.head_affine(controls, controls[0])
    np.testing.assert_allclose(affine, expected, atol=1e-4)


def test_geometry_survives_saving(tiny_face_model, controls, tmp_path):
    inputs = keras.Input((62,))
    layer = build_geometry(tiny_face_model, ctl.NEUTRAL)
    keras.Model(inputs, layer(inputs)).save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for one, two in zip(loaded(controls), layer(controls), strict=True):
        np.testing.assert_array_equal(one, two)


def test_head_places_undo_the_heads_motion(tiny_face_model, controls):
    affine = tiny_face_model.head_affine(controls, ctl.NEUTRAL)
    still = np.array([[0.1, -0.2], [0.3, 0.4], [-0.2, 0.0]], "float32")
    moved = np.concatenate([still, np.ones((3, 1))], 1) @ affine
    places = HeadPlaces()(tf.constant(affine), tf.constant(moved, tf.float32))
    np.testing.assert_allclose(places, np.broadcast_to(still, (5, 3, 2)), atol=1e-4)


def test_heatmap_peaks_at_its_point():
    points = np.array([[[-0.25, 0.5]]], "float32")
    heat = Heatmaps(8, 8, 0.2)(points)[0, ..., 0].numpy()
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    places = grid(8, 8)[0]
    assert np.abs(places[row, column] - points[0, 0]).max() <= 0.125
    distance = np.square(places[2, 3] - points[0, 0]).sum()
    assert heat[2, 3] == pytest.approx(np.exp(-distance / 0.08), rel=1e-4)


def test_flow_follows_points_that_move_together(rng):
    still = rng.uniform(-1, 1, (40, 2)).astype("float32")
    flow = PointFlow(8, range(40), still, sigma=0.4)
    motion = np.array([0.1, -0.05], "float32")
    places = flow((still + motion)[None]).numpy()
    np.testing.assert_allclose(places, grid(8, 8) - motion, atol=0.01)


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
