"""Weights that start a person's networks."""

import keras
import numpy as np
import pytest

from keras_anchor.data.capture.person import build_presenter_model
from keras_anchor.data.presenters.filming import face_model
from keras_anchor.data.presenters.landmark_shapes import landmark_shapes
from keras_anchor.data.presenters.presenter import Presenter
from keras_anchor.warm_start import PATH, learned_layers, save_start, start


def build(filters, seed):
    keras.utils.set_random_seed(seed)
    x = inputs = keras.Input((8, 8, 3))
    for count in (4, filters, 2):
        x = keras.layers.Conv2D(count, 3, padding="same")(x)
    return keras.Model(inputs, x)


def test_a_saved_start_makes_networks_equal(tmp_path, rng):
    first, second = build(5, seed=0), build(5, seed=1)
    save_start({"mouth": first}, tmp_path / "start.npz")
    assert start(second, "mouth", tmp_path / "start.npz") == 3
    x = rng.normal(size=(1, 8, 8, 3)).astype("float32")
    np.testing.assert_allclose(first(x), second(x), atol=5e-3)


def test_another_size_starts_as_far_as_it_agrees(tmp_path):
    first, second = build(5, seed=0), build(6, seed=1)
    before = second.layers[2].get_weights()[0]
    save_start({"mouth": first}, tmp_path / "start.npz")
    assert start(second, "mouth", tmp_path / "start.npz") == 1
    np.testing.assert_array_equal(second.layers[2].get_weights()[0], before)


@pytest.fixture(scope="module")
def presenter_models():
    presenters = [Presenter(name) for name in ("adam", "mei")]
    return [build_presenter_model(item, face_model(item)) for item in presenters]


def test_everyone_has_the_same_points(presenter_models):
    adam, mei = presenter_models
    assert adam.neutral.shape == mei.neutral.shape
    for name in ("drawn_points", "mouth_points", "eyes_points", "is_surface"):
        np.testing.assert_array_equal(getattr(adam, name), getattr(mei, name))


def test_each_network_sees_the_points_of_its_window(presenter_models):
    adam, _ = presenter_models
    for name in ("mouth", "eyes"):
        points = adam.neutral[getattr(adam, f"{name}_points"), :2]
        left, top, right, bottom = getattr(adam, f"{name}_box")
        inside = (points > (left - 0.1, top - 0.1)) & (
            points < (right + 0.1, bottom + 0.1)
        )
        assert inside.all()
    lips = landmark_shapes()[0][[61, 291, 13, 14], :2]
    mouth = adam.neutral[adam.mouth_points, :2]
    nearest = np.linalg.norm(lips[:, None] - mouth, axis=-1).min(1)
    np.testing.assert_allclose(nearest, 0.0, atol=1e-6)


@pytest.mark.slow
def test_the_shipped_start_fits_a_persons_networks(presenter_models):
    from keras_anchor.generators import build_crop_decoder, build_generator
    from keras_anchor.stills import pixels

    adam, _ = presenter_models
    still, controls = np.zeros((256, 256, 4), "float32"), np.zeros(62, "float32")
    points = adam.points(controls[None])[0]
    decoders, boxes = [], [adam.mouth_box, adam.eyes_box]
    for name, box in zip(("mouth", "eyes"), boxes, strict=True):
        left, top, right, bottom = pixels(box, 256)
        picture, chosen = still[top:bottom, left:right], getattr(adam, f"{name}_points")
        decoders.append(build_crop_decoder(name, box, points, picture, chosen=chosen))
    generator = build_generator(adam, still, controls, decoders, boxes)
    for name, network in zip(
        ("mouth", "eyes", "whole"), [*decoders, generator], strict=True
    ):
        assert start(network, name) == len(learned_layers(network)), name
    assert PATH.stat().st_size < 4e6
