import json
import shutil
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor import metrics


@pytest.fixture
def truth(rng):
    noise = rng.integers(0, 256, (3, 64, 64, 3), "uint8")
    return np.stack([cv2.GaussianBlur(frame, (0, 0), 1.0) for frame in noise])


def test_psnr_of_a_known_error(truth):
    off = np.clip(truth[0].astype(int), 0, 254) + 1
    clipped = np.clip(truth[0], 0, 254)
    assert metrics.psnr(off.astype("uint8"), clipped) == pytest.approx(48.13, abs=0.01)


def test_blur_lowers_sharpness_and_noise_raises_it(truth, rng):
    blurred = cv2.GaussianBlur(truth[0], (0, 0), 2.0)
    noisy = np.uint8(np.clip(truth[0] + rng.normal(0, 20, truth[0].shape), 0, 255))
    assert metrics.sharpness(blurred, truth[0]) < 0.7
    assert metrics.sharpness(truth[0], truth[0]) == 1.0
    assert metrics.sharpness(noisy, truth[0]) > 1.1


def test_box_follows_the_head(tiny_face_model):
    moved = np.stack([ctl.NEUTRAL, ctl.pack({"headX": 0.1, "headY": -0.05})])
    corners, extent = metrics.box_corner(tiny_face_model, "mouth", moved, 64)
    assert list(extent) == [16, 8]
    np.testing.assert_allclose(corners[1] - corners[0], [6.4, -3.2], atol=1.0)


def test_error_in_the_mouth_shows_in_its_box_alone(tiny_face_model, truth):
    controls = np.repeat(ctl.NEUTRAL[None], 3, 0)
    frames = truth.copy()
    corners, (width, height) = metrics.box_corner(
        tiny_face_model, "mouth", controls, 64
    )
    for frame, (x, y) in zip(frames, corners, strict=True):
        frame[y : y + height, x : x + width] //= 2
    scores = metrics.score_frames(tiny_face_model, controls, frames, truth)
    assert scores["mouth"]["psnr"] < 20.0 < scores["whole"]["psnr"]
    assert scores["eyes"]["psnr"] > 90.0


def test_nearest_frame_is_found(truth):
    dimmed = np.uint8(truth * 0.95)
    np.testing.assert_array_equal(
        metrics.nearest_frames(dimmed, truth[::-1]), [2, 1, 0]
    )


def test_obedience_is_a_correlation(rng):
    controls = rng.uniform(ctl.LOW, ctl.HIGH, (50, 62)).astype("float32")
    faces = [
        SimpleNamespace(
            blendshapes=0.5 * row[:52] + 0.1,
            yaw=row[ctl.INDEX["headYaw"]],
            pitch=-row[ctl.INDEX["headPitch"]],
        )
        for row in controls
    ]
    scores = metrics.score_obedience(controls, [*faces[:-1], None])
    assert [scores["jaw"], scores["gaze"]] == pytest.approx([1.0, 1.0])
    assert scores["pitch"] == pytest.approx(-1.0)


def test_sweeps_ask_one_thing_at_a_time():
    rows = metrics.sweeps(5)
    jaw, yaw, gaze = (list(metrics.OBEDIENCE).index(n) for n in ("jaw", "yaw", "gaze"))
    moved = [set(np.flatnonzero(row.any(0))) for row in rows]
    assert moved[jaw] == {ctl.INDEX["jawOpen"]}
    np.testing.assert_allclose(rows[jaw, :, ctl.INDEX["jawOpen"]], np.arange(5) / 4)
    assert rows[yaw, 0, ctl.INDEX["headYaw"]] == -rows[yaw, -1, ctl.INDEX["headYaw"]]
    assert rows[gaze, -1, ctl.INDEX["eyeLookOutLeft"]] == 1.0
    assert rows[gaze, -1, ctl.INDEX["eyeLookInLeft"]] == 0.0


def test_sweeps_score_what_follows_and_what_does_not():
    rows = metrics.sweeps(5)
    faces = [
        SimpleNamespace(blendshapes=row[:52], yaw=row[ctl.INDEX["headYaw"]], pitch=0.1)
        for row in rows.reshape(-1, 62)
    ]
    scores = metrics.score_sweeps(rows, faces)
    assert scores.pop("pitch") == 0.0
    assert list(scores.values()) == pytest.approx([1.0] * 5)


def test_identity_is_left_out_where_its_package_is_missing(monkeypatch, capsys):
    from keras_anchor.measure import score_identity

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    frames = np.zeros((2, 64, 64, 4), "uint8")
    assert score_identity(frames, frames, frames) == {}
    assert "Identity distance is left out. " in capsys.readouterr().out


@pytest.mark.slow
def test_measure_writes_what_the_report_reads(tiny_run, tiny_face_model, tmp_path, rng):
    from keras_anchor.data.takes import write_take
    from keras_anchor.measure import measure

    take = write_take(
        tmp_path / "take",
        rng.integers(0, 256, (8, 64, 64, 4), "uint8"),
        rng.uniform(ctl.LOW, ctl.HIGH, (8, 62)),
        25.0,
        "noise",
        tiny_face_model,
    )
    scores = json.loads(measure(tiny_run, take, tiny_run).read_text())
    (tiny_run / "metrics.json").unlink()
    assert scores["boxes"] == scores["without_adversarial"]
    assert set(scores["nearest_frame"]) == set(metrics.BOXES)
    assert scores["steadiness"]["largest_move"] >= 0.0
    assert (tiny_run / "pairs" / "pairs.json").exists()
    shutil.rmtree(tiny_run / "pairs")
