import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from keras_anchor.drive.speaking import speak
from keras_anchor.drive.speech import (
    LOUDNESS,
    PEAK,
    Phoneme,
    Speech,
    join,
    limit,
    resample,
)
from keras_anchor.drive.text import AFTER, BEFORE, perform_text
from keras_anchor.drive.visemes import VisemeTable
from keras_anchor.drive.voices import espeak_engine
from keras_anchor.drive.voices.espeak import find_phonemes

try:
    import espeakng_loader
except ModuleNotFoundError:
    espeakng_loader = None

needs_voice = pytest.mark.skipif(
    espeakng_loader is None, reason="needs espeakng-loader"
)
ENGLISH = "Good evening. Here is the news: five people bought a big blue boat."
MANDARIN = "大家晚上好，欢迎收看今天的新闻。熊猫很穷。"
SENTENCES = pytest.mark.parametrize("text", [ENGLISH, MANDARIN, "Hello, 你好, bye."])


def say(text, voice=None):
    return [p.symbol.strip("ˈˌ") for p in speak(text, voice).phonemes if p.symbol]


def loudness(samples):
    return 20 * np.log10(np.sqrt(np.mean(np.square(samples, dtype="float64"))) + 1e-9)


@needs_voice
@SENTENCES
def test_phonemes_fill_the_sound(text):
    speech = speak(text)
    ends = [phoneme.end for phoneme in speech.phonemes]
    starts = [phoneme.start for phoneme in speech.phonemes]
    np.testing.assert_allclose(starts, [0.0, *ends[:-1]], atol=1e-6)
    assert ends[-1] == pytest.approx(speech.seconds, abs=1e-3)
    assert min(np.subtract(ends, starts)) > 0


@needs_voice
@SENTENCES
def test_silence_is_silent_and_vowels_are_loud(text):
    speech = speak(text)
    for phoneme in speech.phonemes:
        edges = phoneme.start, phoneme.end
        start, end = (round(t * speech.sample_rate) for t in edges)
        if not phoneme.symbol and phoneme.end - phoneme.start > 0.02:
            assert loudness(speech.sound[start + 100 : end]) < -45
        if phoneme.symbol.startswith("ˈ"):
            assert loudness(speech.sound[start:end]) > -35


@needs_voice
@SENTENCES
def test_speech_is_as_loud_as_broadcast(text):
    sound = speak(text).sound
    blocks = sound[: len(sound) // 441 * 441].reshape(-1, 441)
    levels = np.sqrt(np.mean(blocks**2, axis=1))
    assert loudness(levels[levels > 0.05 * levels.max()]) == pytest.approx(-20, abs=2)
    assert np.abs(sound).max() <= 10 ** (-1 / 20) + 1e-6
    assert sound.dtype == np.float32


@needs_voice
def test_closure_of_a_stop_is_part_of_it():
    speech = speak("Happy people.")
    stops = [p for p in speech.phonemes if p.symbol == "p"]
    assert len(stops) == 3
    for stop in stops:
        start, burst = round(stop.start * speech.sample_rate), 0.03
        closure = speech.sound[start : start + round(burst * speech.sample_rate)]
        assert loudness(closure) < -60


def test_a_sound_before_a_stop_stays_however_quiet():
    events = [(0.05, "l"), (0.08, "k"), (0.15, ""), (0.18, "t")]
    phonemes = find_phonemes(np.zeros(200, "float32"), 1000, events)
    assert [p.symbol for p in phonemes] == ["", "l", "k", "t"]
    starts = [p.start for p in phonemes]
    np.testing.assert_allclose(starts, [0.0, 0.05, 0.065, 0.15])


@needs_voice
def test_mandarin_is_read_as_mandarin():
    assert say("大家好") == ["t", "ɑ", "tɕ", "iɑ", "χ", "ɑu"]


@needs_voice
@pytest.mark.parametrize("character", ["熊", "雄", "胸", "兄", "穷", "窘"])
def test_syllables_that_espeak_lacks_are_spoken(character):
    assert say(character)[-2:] == ["j", "onɡ"]


@needs_voice
@SENTENCES
def test_every_phoneme_has_a_shape(text):
    table = VisemeTable()
    assert [symbol for symbol in set(say(text)) if not table.split(symbol)] == []


@needs_voice
def test_digits_are_read_in_the_language_around_them():
    assert say("3") == ["θ", "ɹ", "iː"]
    assert "s" in say("我有3个")


@needs_voice
def test_variants_sound_different():
    assert len(speak("Hello.", "en+f3").sound) != len(speak("Hello.", "en").sound)


@needs_voice
def test_two_threads_do_not_mix_their_words():
    texts = ["One short sentence.", "大家好，欢迎收看。"] * 4
    expected = [say(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(say, texts)) == expected


def test_padding_moves_phonemes_with_the_sound():
    speech = Speech(np.ones(1000, "float32"), 1000, [])
    padded = speech.padded(0.3, 0.6)
    assert padded.seconds == pytest.approx(1.9)
    assert padded.sound[300] == 1
    assert padded.sound[299] == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Nothing to say in ''"),
        ("😀 ...", "Nothing to say in '😀 ...'"),
        ("สวัสดี", r"nobody can read Thai .* Known voices: en, zh"),
        ("שלום", "nobody can read Hebrew"),
        ("hello مرحبا", "nobody can read Arabic"),
        ("こんにちは", "nobody can read Hiragana"),
    ],
)
def test_rejects_text_that_no_voice_reads(text, message):
    with pytest.raises(ValueError, match=message):
        speak(text)


@pytest.mark.parametrize("voice", ["en", "en+f3"])
def test_english_voice_reads_no_chinese(voice):
    with pytest.raises(ValueError, match=r"cannot read Chinese \(大\)"):
        speak("大家好", voice)


@needs_voice
def test_rejects_unknown_voice():
    with pytest.raises(ValueError, match="Unknown voice 'klingon'. Known: en, zh"):
        speak("Hello.", "klingon")


@needs_voice
def test_rejects_unknown_variant():
    with pytest.raises(ValueError, match="Unknown variant 'f99' of voice 'en-us'"):
        speak("Hello.", "en+f99")


@pytest.mark.parametrize("fps", [0.1, 1e9, float("nan")])
def test_rejects_speeds_that_no_film_has(fps):
    with pytest.raises(ValueError, match="Expected 1 to 240 frames a second, received"):
        perform_text("Hello.", fps=fps)


@needs_voice
def test_espeak_without_its_data_is_explained(tmp_path):
    code = (
        "import sys; from keras_anchor.drive.voices.espeak_engine import Espeak\n"
        "try:\n    Espeak(*sys.argv[1:])\n"
        "except OSError as error:\n    print(error)"
    )
    paths = espeakng_loader.get_library_path(), tmp_path
    result = subprocess.run(
        [sys.executable, "-c", code, *paths], capture_output=True, text=True
    )
    assert "Install it again: pip install --force-reinstall" in result.stdout


def test_missing_espeak_is_explained(monkeypatch):
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    with pytest.raises(ModuleNotFoundError, match=r'"keras-anchor\[speech\]"'):
        espeak_engine.make_espeak.__wrapped__()


@needs_voice
@pytest.mark.parametrize("fps", [24, 25, 30])
def test_sound_is_as_long_as_the_frames(fps):
    performance = perform_text("Good evening.", fps=fps)
    seconds = len(performance.sound) / performance.sample_rate
    assert seconds == pytest.approx(performance.seconds, abs=1e-4)
    assert performance.controls.shape[1] == 62
    assert np.isfinite(performance.controls).all()


@needs_voice
def test_a_mood_has_its_pace():
    text = "Good evening to all of you."
    sad, excited = (perform_text(text, mood=mood) for mood in ("sad", "excited"))
    assert sad.seconds > 1.1 * excited.seconds


@needs_voice
def test_nobody_speaks_at_the_cuts():
    performance = perform_text("Good evening.")
    rate = performance.sample_rate
    assert not performance.sound[: int(BEFORE * rate)].any()
    assert not performance.sound[-int(AFTER * rate) :].any()


@pytest.mark.parametrize(
    ("start", "end"), [(22050, 24000), (24000, 16000), (8000, 48000)]
)
def test_resampling_keeps_a_tone(start, end):
    tone = np.sin(2 * np.pi * 440 * np.arange(start) / start).astype("float32")
    expected = np.sin(2 * np.pi * 440 * np.arange(end) / end)
    found = resample(tone, start, end)
    assert len(found) == end
    np.testing.assert_allclose(found[200:-200], expected[200:-200], atol=5e-3)


def test_joining_takes_the_first_sample_rate():
    first = Speech(np.ones(100, "float32"), 1000, [Phoneme(0.0, 0.1, "a")])
    second = Speech(np.ones(400, "float32"), 2000, [Phoneme(0.0, 0.2, "o")])
    both = join([first, second])
    assert (both.sample_rate, len(both.sound)) == (1000, 300)
    assert both.phonemes[1] == Phoneme(0.1, pytest.approx(0.3), "o")


def test_limiter_bends_only_what_is_loud():
    sound = np.linspace(-3, 3, 1001).astype("float32")
    limited = limit(sound)
    assert np.abs(limited).max() <= PEAK + 1e-6
    assert (np.diff(limited) >= 0).all()
    quiet = np.abs(sound) < LOUDNESS
    np.testing.assert_array_equal(limited[quiet], sound[quiet])


def test_trimming_leaves_no_silence_and_moves_phonemes():
    sound = np.r_[np.zeros(100), np.ones(200), np.zeros(50)].astype("float32")
    phonemes = [Phoneme(0.0, 0.1, ""), Phoneme(0.1, 0.3, "a"), Phoneme(0.3, 0.35, "")]
    trimmed = Speech(sound, 1000, phonemes, "a").trimmed()
    assert trimmed.phonemes == [Phoneme(0.0, 0.2, "a")]
    assert trimmed.sound.all() and trimmed.text == "a"
