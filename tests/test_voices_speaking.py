import re
import time
import warnings

import numpy as np
import pytest
from recordings import decibels, symbols

from keras_anchor.drive.speaking import find_main_language, speak, speak_sentences
from keras_anchor.drive.speech import Phoneme, Speech
from keras_anchor.drive.texts.pronunciations import Part, Pronunciations

SENTENCES = "Good evening. Here is the news! 大家好。熊猫很穷？ Last one"


@pytest.fixture(scope="module", autouse=True)
def espeak():
    pytest.importorskip("espeakng_loader")


def test_sentences_joined_are_the_whole():
    parts = list(speak_sentences(SENTENCES))
    whole = speak(SENTENCES)
    assert [p.text for p in parts] == re.findall(r"\w[^.!。？]*[.!。？]?", SENTENCES)
    assert whole.seconds == pytest.approx(sum(p.seconds for p in parts), abs=0.01)
    assert symbols(whole) == [s for part in parts for s in symbols(part)]


def test_each_sentence_but_the_last_ends_with_its_pause():
    *parts, last = speak_sentences(SENTENCES)
    for part in parts:
        pause = part.phonemes[-1]
        assert pause.symbol == ""
        assert pause.end - pause.start == pytest.approx(0.4, abs=0.01)
    assert last.phonemes[-1].symbol


def test_a_quoted_sentence_pauses_as_long():
    first, _ = speak_sentences("“Good evening.” Here is the news.")
    assert first.phonemes[-1].end - first.phonemes[-1].start > 0.39


def test_sentences_are_equally_loud_whatever_stands_beside_them():
    alone = speak("Hm.")
    beside, _ = speak_sentences("Hm. The two leaders met on Monday to talk.")
    assert decibels(alone) == pytest.approx(decibels(beside), abs=0.5)


def test_first_sentence_of_a_long_text_comes_at_once():
    text = "Good evening, and welcome to the news. " * 2565
    assert len(text) > 100_000
    next(speak_sentences("Warm up."))
    start = time.process_time()
    first = next(speak_sentences(text))
    assert time.process_time() - start < 0.5
    assert first.text == "Good evening, and welcome to the news."


def test_text_without_any_full_stop_is_read_in_pieces():
    parts = speak_sentences("word " * 500)
    first = next(parts)
    assert len(first.text) <= 400
    assert sum(len(part.text.split()) for part in [first, *parts]) == 500


def test_signs_between_sentences_are_passed_over():
    assert len(list(speak_sentences("One. 😀 ... ! Two."))) == 2


def test_unreadable_letters_are_named_and_left_out():
    with pytest.warns(UserWarning, match=r"Left out, .*: Hebrew \(ש\), Thai \(ส\)\."):
        speech = speak("Hello สวัสดี and bye שלום.", skip_unreadable=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert symbols(speech) == symbols(speak("Hello and bye.", skip_unreadable=True))


def test_nothing_is_left_of_unreadable_text():
    with (
        pytest.warns(UserWarning, match="Left out"),
        pytest.raises(ValueError, match="Nothing to say in 'สวัสดี'"),
    ):
        speak("สวัสดี", skip_unreadable=True)


def test_what_makes_no_sound_is_refused():
    class Mute:
        def speak(self, text):
            sound = np.zeros(100, "float32")
            return Speech(sound, 1000, [Phoneme(0.0, 0.1, "")])

    with pytest.raises(ValueError, match="The voice finds nothing to say in 'Hello.'"):
        speak("Hello.", Mute())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello there", "en"),
        ("42", "en"),
        ("大家好 hello", "zh"),
        ("in 北京 we met", "en"),
    ],
)
def test_main_language(text, language):
    assert find_main_language(text) == language


def test_pronunciations_are_followed():
    words = {
        "Xyqz": Part("Xyqz", ipa="ˈkɛɹəs"),
        "行": Part("行", pinyin="xing2"),
        "GIF": Part("jif"),
    }
    told = {"pronunciations": Pronunciations(words)}
    assert symbols(speak("I like Xyqz.", "en", **told))[-5:] == [
        "k",
        "ɛ",
        "ɹ",
        "ə",
        "s",
    ]
    assert symbols(speak("银行", **told))[-3:] == symbols(speak("行", "zh", **told))
    assert symbols(speak("银行", **told)) != symbols(speak("银行"))
    assert symbols(speak("a GIF", **told)) == symbols(speak("a jif"))


def test_numbers_are_written_out_in_their_language():
    assert symbols(speak("42")) == symbols(speak("forty-two"))
    assert symbols(speak("我有3个。")) == symbols(speak("我有三个。"))
    assert symbols(speak("28", "zh")) == symbols(speak("二十八"))


def test_users_own_brackets_are_text():
    assert symbols(speak("a [[b]] c")) == symbols(speak("a b c"))


def test_unknown_phonemes_stay_unknown():
    class Hummer:
        def speak(self, text):
            return Speech(np.full(500, 0.1, "float32"), 1000, [])

    speech = speak("Hm. Hm hm.", Hummer())
    assert speech.phonemes == []
    assert speech.seconds == pytest.approx(0.5 + 0.4 + 0.5)
