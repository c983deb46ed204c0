import textwrap

import numpy as np
import pytest
from recordings import decibels, symbols

from keras_anchor.drive import voices
from keras_anchor.drive.speaking import speak
from keras_anchor.drive.viseme_table import VisemeTable
from keras_anchor.drive.voices import espeak_spelling, find_voice, marked


@pytest.fixture(scope="module", autouse=True)
def espeak():
    pytest.importorskip("espeakng_loader")


@pytest.mark.parametrize(
    "name", ["mixed", "en", "zh", "en-female", "en-male", "zh-female", "zh-male"]
)
def test_our_names_are_voices_of_their_own(name):
    text = "你好" if name.startswith("zh") else "Good evening to all of you."
    speech = find_voice(name).speak(text)
    assert symbols(speech)
    assert decibels(speech) == pytest.approx(-20, abs=2)
    plain = find_voice(name[:2]).speak(text) if "-" in name else None
    assert plain is None or not np.array_equal(plain.sound, speech.sound)


def test_engines_own_names_speak_their_language():
    french = symbols(speak("Bonjour, voici les nouvelles.", "fr"))
    assert "ʒ" in french
    assert symbols(speak("Добрый вечер.", "ru"))


@pytest.mark.parametrize("name", ["en", "zh"])
def test_pace_makes_speech_shorter(name):
    text = (
        "大家晚上好，欢迎收看今天的新闻。"
        if name == "zh"
        else "Here is the evening news."
    )
    usual, fast = (find_voice(name, pace=pace).speak(text) for pace in (1.0, 1.25))
    assert usual.seconds / fast.seconds == pytest.approx(1.25, abs=0.08)
    assert symbols(fast) == symbols(usual)


def test_rejects_unknown_engine():
    with pytest.raises(ValueError, match="Unknown engine 'siri' of voices. Known: esp"):
        speak("Hello.", engine="siri")


def test_rejects_unknown_voice():
    with pytest.raises(
        ValueError, match="Unknown voice 'klingon'. Known: en, zh, en-f"
    ):
        find_voice("klingon")


def test_the_voice_in_the_docstring_speaks():
    lines = [line for line in voices.__doc__.splitlines() if line.startswith("    ")]
    code, scope = textwrap.dedent("\n".join(lines)), {}
    exec(code, scope)
    assert len(code.strip().splitlines()) <= 30
    speech = speak("Hi, 你好. Bye.", scope["BeepVoice"]())
    assert symbols(speech)[:2] == ["h", "i"]
    assert speech.seconds == pytest.approx(speech.phonemes[-1].end)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        (None, "mixed"),
        ("en-male", "en"),
        ("zh+f3", "zh"),
        ("en-us+f3", "en"),
        ("cmn", "zh"),
        ("af_heart", "mixed"),
        ("fr", None),
    ],
)
def test_languages_of_voices(name, language):
    assert voices.find_language(name) == language


def test_ipa_sounds_as_the_word_does():
    word = symbols(find_voice("en").speak("streaming bottles"))
    spelled = find_voice("en").speak("[[/ˈstɹiːmɪŋ ˈbɑːɾəlz/]]")
    assert symbols(spelled) == word


def test_pinyin_sounds_as_the_characters_do():
    for text, pinyin in [("女人", "nü3 ren2"), ("熊猫", "xiong2 mao1"), ("是", "shi4")]:
        expected = symbols(find_voice("zh").speak(text))
        assert symbols(find_voice("zh").speak(f"[[{pinyin}]]")) == expected


def test_rejects_ipa_without_sound():
    with pytest.raises(ValueError, match="no sound for 'ʁ' in the pronunciation 'ʁɛ'"):
        espeak_spelling.spell_ipa("ʁɛ")


@pytest.mark.parametrize("pinyin", ["hang", "hello3", "xiong6", "hao3 好"])
def test_rejects_what_is_no_pinyin(pinyin):
    engine = find_voice("zh").engine
    with pytest.raises(ValueError, match="is no pinyin that can be read. Write syll"):
        espeak_spelling.spell_pinyin(pinyin, engine)


def test_marked_text_is_split_without_loss():
    text = f"A {marked.mark_ipa('/bˈi/')} 和 {marked.mark_pinyin('hang2 ye4')}."
    assert marked.split_marked(text) == [
        ("text", "A "),
        ("ipa", "bˈi"),
        ("text", " 和 "),
        ("pinyin", "hang2 ye4"),
        ("text", "."),
    ]


def test_every_voice_has_shapes_for_its_phonemes():
    table = VisemeTable()
    for name in ("en-female", "zh-male", "fr", "ru", "de"):
        text = {"zh-male": "熊猫吃竹子，绿色的月亮。", "ru": "Добрый вечер"}.get(
            name, "Voila une jolie chanson, why thirty-three"
        )
        spoken = {s.strip("ʲː") for s in symbols(speak(text, name))} - {""}
        unknown = [symbol for symbol in spoken if not table.split(symbol)]
        assert unknown == [], name
