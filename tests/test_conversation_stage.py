import numpy as np
import pytest
from conversing import RATE, drawn, make_speech, on_stage, take, wait_for

from keras_anchor import controls as ctl
from keras_anchor.conversation.stage import FPS, PAUSE
from keras_anchor.drive.speech import resample

JAW = ctl.INDEX["jawOpen"]
BLOCK = RATE // 50


def test_silence_is_idle_and_has_no_end():
    with on_stage() as stage:
        assert not take(stage, 100).any()
        controls = drawn(stage)
    assert controls.shape == (50, 62)
    assert controls[:, JAW].max() < 0.02
    assert np.ptp(controls[:, ctl.INDEX["headYaw"]]) > 0


def test_all_of_a_sentence_is_heard_while_its_mouth_is_seen():
    speech = make_speech()
    with on_stage() as stage:
        utterance = stage.say(speech)
        wait_for(lambda: stage.count_spoken())
        sound, controls = take(stage, 80).ravel(), drawn(stage)
    start = np.flatnonzero(sound)[0] - 1
    assert start % (2 * BLOCK) == 0
    heard = sound[start : start + len(speech.sound)]
    np.testing.assert_array_equal(heard, speech.sound)
    assert not sound[start + len(speech.sound) :].any()
    is_open = controls[:, JAW] > 0.1
    first = start // (2 * BLOCK)
    assert is_open[first + 3 : first + FPS - 3].all()
    assert not is_open[first + FPS + 8 :].any()
    assert utterance.over.is_set()
    assert utterance.num_shown == utterance.num_frames == round((1 + PAUSE) * FPS)


def test_sentences_follow_each_other():
    with on_stage() as stage:
        utterances = [stage.say(make_speech(0.4)) for _ in range(3)]
        sound = take(stage, 150)
    is_loud = np.abs(sound).max(1) > 0.1
    # The first may be ready before any idle frame is taken.
    assert np.sum(np.diff(is_loud.astype(int), prepend=0) == 1) == 3
    assert [u.num_shown for u in utterances] == [15, 15, 15]
    assert utterances[0].ended <= utterances[1].started


@pytest.mark.parametrize("num_blocks", [20, 21])
def test_a_cut_stops_the_sound_at_once_and_the_mouth_soon(num_blocks):
    with on_stage() as stage:
        first, second = stage.say(make_speech(4.0)), stage.say(make_speech())
        wait_for(lambda: stage.count_spoken())
        assert np.abs(take(stage, num_blocks)[-1]).max() > 0.2
        before = drawn(stage)[-1:]
        assert before[0, JAW] > 0.1
        stage.cut()
        wait_for(lambda: first.over.is_set())
        sound, controls = take(stage, 100), drawn(stage)
    assert not sound[2:].any()
    # It fades: no step is larger than the tone's own.
    assert np.abs(np.diff(sound.ravel())).max() < 0.3 * 2 * np.pi * 200 / RATE + 0.01
    assert (controls[5:, JAW] < 0.02).all()
    # The jaw shuts in more than one frame, and the head goes on from where it was.
    steps = np.abs(np.diff(np.concatenate([before, controls]), axis=0))
    assert steps[:, JAW].max() < 0.8 * before[0, JAW]
    assert steps[:, ctl.INDEX["headYaw"]].max() < 0.01
    assert second.over.is_set()
    assert second.num_shown == 0
    assert abs(first.num_shown - num_blocks / 2) <= 1


def test_after_a_cut_something_else_is_said():
    with on_stage() as stage:
        stage.say(make_speech(4.0))
        wait_for(lambda: stage.count_spoken())
        take(stage, 10)
        stage.cut()
        utterance = stage.say(make_speech(0.4))
        take(stage, 60)
        assert utterance.num_shown == utterance.num_frames


def test_a_cut_before_anything_was_shown_leaves_silence():
    with on_stage() as stage:
        utterance = stage.say(make_speech())
        stage.cut()
        wait_for(lambda: utterance.over.is_set())
        assert np.abs(take(stage, 40)[2:]).max() == 0.0
        assert utterance.num_shown <= 1


def test_a_late_frame_is_the_last_one_in_silence():
    with on_stage() as stage:
        stage.say(make_speech())
        wait_for(lambda: stage.count_spoken())
        take(stage, 20)
        stage.stop()
        stage.frames.clear()
        assert not stage.next_block().any()
        controls = drawn(stage)
        np.testing.assert_array_equal(controls[-1], controls[-2])
        assert stage.num_held == 1


@pytest.mark.parametrize(
    "rates", [(16_000, 22_050), (24_000, 48_000), (44_100, 16_000)]
)
def test_resampled_tones_keep_pitch_loudness_and_length(rates):
    old, new = rates
    tone = np.sin(2 * np.pi * 440 * np.arange(old) / old).astype("float32")
    resampled = resample(tone, old, new)
    assert len(resampled) == new
    expected = np.sin(2 * np.pi * 440 * np.arange(new) / new)
    middle = slice(new // 10, -new // 10)
    np.testing.assert_allclose(resampled[middle], expected[middle], atol=0.01)


def test_nothing_resampled_is_nothing():
    assert len(resample(np.zeros(0, "float32"), 16_000, 48_000)) == 0
