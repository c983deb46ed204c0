"""Codes of training frames: kept apart, centred, learned, handed on."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from keras_anchor.codes import FrameCodes
from keras_anchor.runs import Run
from keras_anchor.stages import frame_codes

NUM_FRAMES, SIZE = 6, 5


@pytest.fixture
def codes():
    codes = FrameCodes(NUM_FRAMES, SIZE, 1, 3)
    codes.build()
    return codes


def test_the_mean_code_is_zero(codes):
    codes.learned.assign_add(np.full((NUM_FRAMES, 2), 4.0))
    np.testing.assert_allclose(np.mean(codes.own(), 0), 0.0, atol=1e-6)


def test_only_its_own_columns_are_learned_and_given_ones_stay(codes, rng):
    given = np.zeros((NUM_FRAMES, SIZE), "float32")
    given[:, 4] = rng.normal(size=NUM_FRAMES)
    codes.given.assign(given)
    found = np.array(codes(np.array([2, 5])))
    np.testing.assert_array_equal(found[:, [0, 3]], 0.0)
    np.testing.assert_array_equal(found[:, 4], given[[2, 5], 4])
    assert (found[:, 1:3] != 0).all()
    assert [variable.name for variable in codes.trainable_variables] == ["learned"]


def test_long_codes_cost_more(codes):
    short, long = np.full((3, SIZE), 0.1, "float32"), np.full((3, SIZE), 1.0, "float32")
    assert float(codes.cost(long)) == pytest.approx(100.0 * float(codes.cost(short)))


def test_codes_survive_saving(codes, tmp_path):
    index = keras.Input((), dtype="int32")
    keras.Model(index, codes(index)).save(tmp_path / "codes.keras")
    loaded = keras.models.load_model(tmp_path / "codes.keras").layers[-1]
    np.testing.assert_array_equal(loaded.own(), codes.own())


def test_the_whole_is_given_what_mouth_and_eyes_have_learned(tmp_path, rng):
    config = {"preset": "tiny", "take": "a", "seed": 0, "without": []}
    run = Run(tmp_path / "run", config)
    studio = SimpleNamespace(
        settings={"noise": 6}, controls=[np.zeros((NUM_FRAMES, 62))]
    )
    mouth, eyes = (rng.normal(size=(NUM_FRAMES, 2)) for _ in range(2))
    mouth, eyes = mouth - mouth.mean(0), eyes - eyes.mean(0)
    run.save_codes("mouth", mouth)
    resumed = frame_codes(run, studio, "mouth")
    np.testing.assert_allclose(resumed.own(), mouth, atol=1e-6)
    assert not np.any(frame_codes(run, studio, "eyes").given)
    run.save_codes("eyes", eyes)
    given = np.array(frame_codes(run, studio, "whole").given)
    np.testing.assert_allclose(given[:, :4], np.hstack([mouth, eyes]), atol=1e-6)
    assert not given[:, 4:].any()
