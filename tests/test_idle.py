import numpy as np
import pytest

from keras_anchor.controls import INDEX, clip
from keras_anchor.drive.beats import find_beats
from keras_anchor.drive.idle import GAZE_RANGE, idle_controls
from keras_anchor.drive.speech import Phoneme, Speech

FPS, MINUTE = 25, 60 * 25
SEEDS = pytest.mark.parametrize("seed", range(4))


def column(controls, name):
    return controls[:, INDEX[name]]


def gaze(controls):
    """Where the left eye looks in the head, `(right, up)` in radians."""
    right = column(controls, "eyeLookOutLeft") - column(controls, "eyeLookInLeft")
    up = column(controls, "eyeLookUpLeft") - column(controls, "eyeLookDownLeft")
    return GAZE_RANGE * right, GAZE_RANGE * up


def blink_lengths(controls):
    """Numbers of frames of each stretch of lids more than half shut."""
    is_shut = column(controls, "eyeBlinkLeft") > 0.5
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_shut, [0]])))
    return edges[1::2] - edges[::2], edges[::2]


@pytest.fixture
def speech():
    rate = 1000
    phonemes = [Phoneme(0.0, 0.5, "")]
    sound = [np.zeros(500)]
    for index in range(8):
        start = 0.5 + 2.5 * index
        phonemes += [
            Phoneme(start, start + 0.9, "ə"),
            Phoneme(start + 0.9, start + 1.1, "ˈɑː"),
            Phoneme(start + 1.1, start + 2.0, "ə"),
            Phoneme(start + 2.0, start + 2.5, ""),
        ]
        levels = np.repeat([0.05, 0.3, 0.05, 0.0], [900, 200, 900, 500])
        sound.append(levels * np.sin(np.arange(2500)))
    return Speech(np.concatenate(sound).astype("float32"), rate, phonemes)


def test_seed_decides():
    first, again = idle_controls(200, FPS, seed=1), idle_controls(200, FPS, seed=1)
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, idle_controls(200, FPS, seed=2))


def test_shorter_is_the_beginning_of_longer():
    short, long = idle_controls(200, FPS), idle_controls(400, FPS)
    np.testing.assert_allclose(short, long[:200], atol=1e-6)


def test_other_rate_is_the_same_performance():
    slow, fast = idle_controls(250, 25), idle_controls(1250, 125)[2::5]
    pose = [INDEX[name] for name in ("headYaw", "headPitch", "headRoll", "breath")]
    np.testing.assert_allclose(slow[:, pose], fast[:, pose], atol=1e-5)


@SEEDS
def test_stays_within_a_newsreaders_range(seed, speech):
    for controls in (
        idle_controls(MINUTE, FPS, seed=seed),
        idle_controls(500, FPS, seed=seed, speech=speech),
    ):
        np.testing.assert_array_equal(controls, clip(controls))
        for name, limit in (("headYaw", 0.1), ("headPitch", 0.06), ("headRoll", 0.04)):
            assert 0.2 * limit < np.abs(column(controls, name)).max() <= limit
        looks = [i for name, i in INDEX.items() if name.startswith("eyeLook")]
        assert controls[:, looks].max() <= 0.35
        assert np.abs(column(controls, "torsoX")).max() < 0.02


@SEEDS
def test_blinks_as_often_as_people_do(seed):
    lengths, starts = blink_lengths(idle_controls(5 * MINUTE, FPS, seed=seed))
    assert 9 < len(lengths) / 5 < 26
    intervals = np.diff(starts) / FPS
    assert intervals.std() > 0.8
    assert intervals.min() > 0.3


@pytest.mark.parametrize("fps", [24, 25, 30, 60])
def test_each_blink_shuts_the_eye_and_opens_slower(fps):
    lids = column(idle_controls(60 * fps, fps), "eyeBlinkLeft")
    lengths, starts = blink_lengths(idle_controls(60 * fps, fps))
    assert 0.08 < lengths.mean() / fps < 0.28
    opening, closing = [], []
    for start, length in zip(starts, lengths, strict=True):
        assert lids[start : start + length].max() > 0.95
        around = np.diff(lids[max(0, start - 8) : start + length + 12])
        closing.append(around.max())
        opening.append(-around.min())
    assert np.mean(closing) > np.mean(opening)


@SEEDS
def test_eyes_stay_on_the_camera_while_the_head_turns(seed):
    controls = idle_controls(MINUTE, FPS, seed=seed)
    right, up = gaze(controls)
    yaw, pitch = column(controls, "headYaw"), column(controls, "headPitch")
    assert np.abs(right + yaw).max() < 0.065
    assert np.abs(up + pitch).max() < 0.065
    assert (right + yaw).std() < 0.04 < 1.6 * yaw.std() + 0.04
    assert np.corrcoef(right, yaw)[0, 1] < -0.4


@SEEDS
def test_eyes_move_in_jumps(seed):
    controls = idle_controls(MINUTE, FPS, seed=seed)
    on_camera = gaze(controls)[0] + column(controls, "headYaw")
    jumps = np.abs(np.diff(on_camera))
    assert np.median(jumps) < 1e-6
    assert 20 < (jumps > 0.004).sum() < 120


def test_both_eyes_look_the_same_way():
    controls = idle_controls(MINUTE, FPS)
    for left, right in (("Out", "In"), ("In", "Out"), ("Up", "Up"), ("Down", "Down")):
        np.testing.assert_array_equal(
            column(controls, f"eyeLook{left}Left"),
            column(controls, f"eyeLook{right}Right"),
        )


def test_lids_follow_a_glance_down():
    controls = idle_controls(5 * MINUTE, FPS)
    down, lids = (column(controls, f"eye{n}Left") for n in ("LookDown", "Blink"))
    is_open = lids < 0.15
    assert lids[is_open & (down > 0.1)].min() > 0.02
    assert lids[is_open & (down == 0)].max() < 0.15


def test_breath_takes_four_seconds():
    breath = column(idle_controls(MINUTE, FPS), "breath")
    rises = np.flatnonzero((breath[1:] > 0) & (breath[:-1] <= 0))
    np.testing.assert_allclose(np.diff(rises) / FPS, 4.0, atol=1 / FPS)
    assert np.abs(np.diff(breath)).max() < 0.1


def test_head_moves_smoothly(speech):
    for name in ("headYaw", "headPitch", "headRoll"):
        angle = column(idle_controls(500, FPS, speech=speech), name)
        assert np.abs(np.diff(angle) * FPS).max() < 0.4


def test_finds_stresses_and_pauses(speech):
    beats, pauses = find_beats(speech)
    np.testing.assert_allclose(beats, 1.5 + 2.5 * np.arange(8))
    np.testing.assert_allclose(pauses, 2.5 + 2.5 * np.arange(8))


def test_nods_with_the_stresses(speech):
    nods = []
    for seed in range(20):
        with_speech = column(idle_controls(500, FPS, seed, speech), "headPitch")
        without = column(idle_controls(500, FPS, seed), "headPitch")
        nods.append(with_speech - without)
    nod = np.mean(nods, axis=0)
    beats, _ = find_beats(speech)
    at_beats = [nod[round((beat + 0.04) * FPS)] for beat in beats]
    before = [nod[round((beat - 0.3) * FPS)] for beat in beats]
    assert np.mean(at_beats) < np.mean(before) - 0.008


def test_brows_rise_with_some_stresses(speech):
    controls = idle_controls(500, FPS, seed=0, speech=speech)
    brows = column(controls, "browInnerUp")
    assert 1 <= ((brows[1:] > 0.1) & (brows[:-1] <= 0.1)).sum() <= 8
    assert brows.max() < 0.5
