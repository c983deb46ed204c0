import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_anchor import controls as ctl
from keras_anchor.generators import build_geometry, hold
from keras_anchor.geometry import HeadPlaces
from keras_anchor.layers import Heatmaps, Limit, PointFlow, grid


@pytest.fixture
def controls(rng):
    return rng.uniform(ctl.LOW, ctl.HIGH, (5, 62)).astype("float32")


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


def test_controls_beyond_the_take_are_held(tiny_face_model, rng):
    from keras_anchor.generators import build_generator

    still = rng.uniform(-0.9, 0.9, (64, 64, 4)).astype("float32")
    limits = 0.1 * ctl.LOW, 0.1 * ctl.HIGH
    generator = build_generator(
        tiny_face_model, still, ctl.NEUTRAL, scale=0.25, grid_size=16, limits=limits
    )
    noise = np.zeros((2, 8), "float32")
    beyond, at = (
        generator([np.stack([share * ctl.LOW, share * ctl.HIGH]), noise])
        for share in (1.0, 0.8)
    )
    np.testing.assert_array_equal(beyond, at)
    within = generator([np.stack([0.05 * ctl.LOW, 0.05 * ctl.HIGH]), noise])
    assert np.abs(at - within).max() > 0.1


def test_the_geometry_reaches_a_little_farther_than_the_take():
    controls = keras.Input((62,))
    model = keras.Model(controls, hold(controls, (0.1 * ctl.LOW, 0.1 * ctl.HIGH)))
    style, reach = (np.array(held)[0] for held in model(ctl.HIGH[None]))
    np.testing.assert_allclose(style, 0.1 * ctl.HIGH)
    assert reach[ctl.INDEX["jawOpen"]] == pytest.approx(0.125)
    assert reach[ctl.INDEX["headYaw"]] == pytest.approx(0.07 + 0.25 * 0.14 + 0.1)
    np.testing.assert_array_equal(np.maximum(style, reach), reach)


def test_limits_survive_saving(tmp_path):
    inputs = keras.Input((62,))
    model = keras.Model(inputs, Limit(0.5 * ctl.LOW, 0.5 * ctl.HIGH)(inputs))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(ctl.HIGH[None])[0], 0.5 * ctl.HIGH)
