import json

import cv2
import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.export.side_by_side import describe_pairs
from keras_anchor.frames import composite
from keras_anchor.metrics import MID_GREY
from keras_anchor.pairs import (
    GAP,
    MAX_BYTES,
    NUM_FACES,
    NUM_PAIRS,
    middles,
    write_pairs,
)

SIZE, NUM_FRAMES = 64, 20


def smooth_frames(rng, num_frames, size):
    """RGBA pictures that JPEG keeps well, all different."""
    coarse = rng.integers(0, 256, (num_frames, 4, 4, 4), "uint8")
    return np.stack([cv2.resize(frame, (size, size)) for frame in coarse])


@pytest.fixture
def frames(rng):
    return smooth_frames(rng, NUM_FRAMES, SIZE)


@pytest.fixture
def truth(frames):
    return 255 - frames


@pytest.fixture
def controls():
    return np.tile(ctl.NEUTRAL, (NUM_FRAMES, 1))


def read(path):
    return cv2.imread(str(path))[..., ::-1].astype(float)


def is_near(picture, pixels):
    return np.abs(picture - composite(pixels, MID_GREY)).mean() < 12


def test_the_answers_are_right(tmp_path, tiny_face_model, controls, frames, truth):
    write_pairs(tmp_path / "pairs", tiny_face_model, controls, frames, truth)
    sides = json.loads((tmp_path / "pairs" / "pairs.json").read_text())["truth"]
    assert len(sides) == NUM_PAIRS
    for place, (index, side) in enumerate(
        zip(middles(NUM_FRAMES, NUM_PAIRS), sides, strict=True)
    ):
        pair = read(tmp_path / "pairs" / f"pair-{place}.jpg")
        left, right = pair[:, :SIZE], pair[:, SIZE + GAP :]
        real, drawn = (left, right) if side == "left" else (right, left)
        assert is_near(real, truth[index]) and not is_near(real, frames[index])
        assert is_near(drawn, frames[index])


def test_faces_have_the_truth_at_the_left(
    tmp_path, tiny_face_model, controls, frames, truth
):
    frames[:], truth[:] = 255, 0
    truth[..., 3] = 255
    write_pairs(tmp_path / "pairs", tiny_face_model, controls, frames, truth)
    paths = sorted((tmp_path / "pairs").glob("face-*.jpg"))
    assert len(paths) == NUM_FACES
    for path in paths:
        face = read(path)
        assert face[:, :16].max() < 30 and face[:, -16:].min() > 225


def test_the_order_repeats_and_differs_between_runs(
    tmp_path, tiny_face_model, controls, truth, rng
):
    orders = []
    for seed in (0, 0, 1, 2, 3):
        frames = smooth_frames(np.random.default_rng(seed), NUM_FRAMES, SIZE)
        write_pairs(tmp_path / "pairs", tiny_face_model, controls, frames, truth)
        orders.append((tmp_path / "pairs" / "pairs.json").read_text())
    assert orders[0] == orders[1]
    assert len(set(orders[1:])) > 2


def test_frames_are_evenly_spaced():
    assert middles(24, 8).tolist() == [1, 4, 7, 10, 13, 16, 19, 22]
    assert middles(3, 8).tolist() == [0, 1, 2]


def test_the_largest_frames_stay_small(tmp_path, tiny_face_model, rng):
    """Grain is what compresses worst."""
    coarse = smooth_frames(rng, 16, 512)
    grain = rng.integers(0, 24, coarse.shape, "uint8")
    frames = np.where(coarse < 200, coarse + grain, coarse).astype("uint8")
    frames[..., 3] = 255
    rows = np.tile(ctl.NEUTRAL, (8, 1))
    write_pairs(tmp_path / "pairs", tiny_face_model, rows, frames[:8], frames[8:])
    sizes = [path.stat().st_size for path in (tmp_path / "pairs").glob("pair-*")]
    assert sum(sizes) <= MAX_BYTES


def test_a_report_hides_the_answers_until_asked(
    tmp_path, tiny_face_model, controls, frames, truth
):
    folder = tmp_path / "pairs"
    write_pairs(folder, tiny_face_model, controls, frames, truth)
    page = describe_pairs(folder)
    sides = json.loads((folder / "pairs.json").read_text())["truth"]
    shown, *answers = page.split("</summary>")
    assert "one is a frame of the take" not in shown
    assert [answer.split()[1] for answer in answers] == sides
    assert page.count("<details>") == page.count("</details>") == NUM_PAIRS
    assert page.count("data:image/jpeg") == NUM_PAIRS + NUM_FACES
    assert describe_pairs(tmp_path / "nowhere") == ""
