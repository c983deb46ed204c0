"""Tests of captions: how texts are cut, when they are seen, and their files."""

import re
import unicodedata

import numpy as np
import pytest

from keras_anchor.drive.speech import Phoneme
from keras_anchor.scene.caption_files import write_srt, write_vtt
from keras_anchor.scene.captions import (
    count_units,
    make_captions,
    split_pieces,
    wrap,
)

ENGLISH = (
    "Good evening, and welcome to the news. The central bank has raised interest "
    "rates by a quarter of a point, the third increase this year; markets had "
    "expected no change. Dr. Smith of St. John's (the author) said: it costs 3.5 "
    "percent! Really?"
)
CHINESE = (
    "晚上好，欢迎收看今天的新闻节目。中央银行今天宣布，将基准利率上调零点二五个百分点，"
    "这是今年以来的第三次加息，超出了市场的普遍预期。“另外”，来自世界各地的科学家们表示，"
    "在可再生能源领域取得了重大突破！"
)
MIXED = "OpenAI 与 5G 网络将于 2026 年公布 iPhone 的消息，敬请关注 BBC。Then 我们继续。"
TEXTS = [ENGLISH, CHINESE, MIXED]


def speak(sentences, pause=0.4, pace=0.08):
    """Phonemes of sentences: a sound for each letter, silence in between."""
    phonemes, now, starts = [], 0.3, []
    phonemes.append(Phoneme(0.0, now, ""))
    for sentence in sentences:
        starts.append(now)
        for character in sentence:
            if unicodedata.category(character)[0] == "L":
                length = pace * (3 if ord(character) > 0x2E80 else 1)
                phonemes.append(Phoneme(now, now + length, "a"))
                now += length
        phonemes.append(Phoneme(now, now + pause, ""))
        now += pause
    return phonemes, starts


def letters(text):
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("pace", [0.05, 0.09])
def test_captions_can_be_read(text, pace):
    seconds = pace * sum(3 if ord(c) > 0x2E80 else 1 for c in text)
    captions = make_captions(text, seconds)
    assert letters("".join(words for *_, words in captions)) == letters(text)
    for start, end, words in captions:
        lines = words.split("\n")
        assert len(lines) <= 2
        assert max(map(count_units, lines)) <= 42
        assert 0.99 <= end - start <= 7.01
    starts, ends, _ = zip(*captions, strict=True)
    assert starts[0] == 0.0
    assert (np.array(starts[1:]) >= ends[:-1]).all()
    assert ends[-1] == pytest.approx(seconds, abs=0.8)


def test_captions_begin_with_sentences():
    captions = make_captions(ENGLISH, 22.0)
    begins = [words[:4] for *_, words in captions]
    assert {"Good", "The "} <= set(begins)
    ends = [words[-1] for *_, words in captions]
    assert sum(mark in ".,;:!?" for mark in ends) >= len(ends) - 1


def test_titles_end_no_sentence():
    captions = make_captions(ENGLISH, 22.0)
    assert not any(words.endswith(("Dr.", "St.")) for *_, words in captions)


def test_chinese_lines_neither_begin_nor_end_with_the_wrong_mark():
    for *_, words in make_captions(CHINESE, 30.0):
        for line in words.split("\n"):
            assert line[0] not in "，。！？、；：”）》"
            assert line[-1] not in "“（《"
            assert count_units(line) <= 42


def test_lines_do_not_break_within_chinese_words():
    pytest.importorskip("jieba")
    text = (
        "中央银行将基准利率上调零点二五个百分点这是今年以来的第三次加息超出了市场预期"
    )
    for words in ("百分点", "加息", "预期", "基准利率", "中央银行"):
        for size in range(16, 43, 2):
            assert words in "|".join(wrap(text, count_units, size))


def test_numbers_and_abbreviations_stay_whole():
    for text in ("It costs 3.5 percent, or 1,234.56 euros, on 12/31.", ENGLISH):
        pieces = [piece.strip() for piece in split_pieces(text)]
        for word in text.split():
            assert word in pieces


@pytest.mark.parametrize("text", [*TEXTS, "a" * 200, "“‘（【", "...!?", "字" * 90])
def test_pieces_are_the_text(text):
    assert "".join(split_pieces(text)) == text


def test_words_without_end_are_cut():
    captions = make_captions("see https://example.com/" + "a" * 100, 30.0)
    assert max(end - start for start, end, _ in captions) <= 7.01
    assert all(count_units(line) <= 42 for c in captions for line in c[2].split("\n"))


def test_captions_follow_the_voice():
    """Sentences of very different pace start when they are heard."""
    sentences = [
        "This is the first of the sentences of today, and it goes on and on.",
        "And here is the second one, as long as the first was before it came.",
        "The third one follows after it, and is a little longer than they were.",
    ]
    fast, _ = speak(sentences[:1], pace=0.065)
    slow, starts = speak(sentences[1:], pace=0.1)
    shift = fast[-1].end
    phonemes = fast + [Phoneme(p.start + shift, p.end + shift, p.symbol) for p in slow]
    captions = make_captions(" ".join(sentences), phonemes)
    found = {words.replace("\n", " ").split(" ")[0]: s for s, _, words in captions}
    assert found["This"] == pytest.approx(0.3, abs=0.01)
    assert found["And"] == pytest.approx(shift + starts[0], abs=0.01)
    assert found["The"] == pytest.approx(shift + starts[1], abs=0.01)


def test_the_clock_does_not_drift():
    sentences = [f"Sentence with the number {'x' * (n % 13)} in it." for n in range(80)]
    phonemes, starts = speak(sentences)
    captions = make_captions(" ".join(sentences), phonemes)
    begins = np.array([start for start, *_ in captions])
    wrong = [np.abs(begins - start).min() for start in starts[::2]]
    assert np.median(wrong) < 0.02
    assert len([w for w in wrong[-10:] if w < 0.02]) >= 4


def test_captions_start_when_the_speech_does():
    early, late = (make_captions(ENGLISH, 20.0, start=start) for start in (0.0, 7.5))
    for (start, end, words), moved in zip(early, late, strict=True):
        assert moved == (pytest.approx(start + 7.5), pytest.approx(end + 7.5), words)


@pytest.mark.parametrize("text", ["", " \n", "...", "。！", "“—”"])
def test_nothing_said_is_no_caption(text):
    assert make_captions(text, 3.0) == []


def test_a_row_of_signs_that_takes_no_time_is_no_caption():
    text = "*" * 60 + " Good evening."
    for timing in (2.0, [Phoneme(0.0, 2.0, "a")]):
        captions = make_captions(text, timing)
        assert all(start < end for start, end, _ in captions)
        assert captions[-1][2].endswith("Good evening.")


def test_a_text_without_speech_is_refused():
    with pytest.raises(ValueError, match="phonemes or seconds of a speech, received n"):
        make_captions("Good evening.", [])


@pytest.mark.parametrize("phonemes", [[Phoneme(0, 2, "")], [Phoneme(0, 2, "a")]])
def test_odd_speeches_have_captions(phonemes):
    captions = make_captions(ENGLISH, phonemes)
    assert letters("".join(words for *_, words in captions)) == letters(ENGLISH)


def test_a_long_text_takes_no_time():
    captions = make_captions(" ".join(TEXTS) * 60, 4000.0)
    assert len(captions) > 300


def test_wrapped_lines_are_even_and_break_at_marks():
    assert wrap("short", len, 42) == ["short"]
    lines = wrap("He came in the morning, and nobody knew why he did", len, 42)
    assert lines == ["He came in the morning,", "and nobody knew why he did"]
    lines = wrap("one two three four five six seven eight nine ten", len, 42)
    assert abs(len(lines[0]) - len(lines[1])) < 8


CAPTIONS = [
    (0.0, 1.5, "Tom & Jerry <b>live</b>\n\n a --> b"),
    (3599.9996, 3661.25, "你好，世界"),
]


def test_srt_is_what_players_read(tmp_path):
    write_srt(tmp_path / "film.srt", CAPTIONS)
    text = (tmp_path / "film.srt").read_bytes().decode("utf-8")
    blocks = text.split("\n\n")
    assert blocks[1] == "2\n01:00:00,000 --> 01:01:01,250\n你好，世界\n"
    number, times, *lines = blocks[0].split("\n")
    assert (number, times) == ("1", "00:00:00,000 --> 00:00:01,500")
    # No tag, no second arrow, no empty line.
    assert lines == ["Tom & Jerry <\u2060b>live<\u2060/b>", "a → b"]


def test_vtt_is_escaped(tmp_path):
    write_vtt(tmp_path / "film.vtt", CAPTIONS)
    text = (tmp_path / "film.vtt").read_text(encoding="utf-8")
    assert text == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n"
        "Tom &amp; Jerry &lt;b&gt;live&lt;/b&gt;\na --&gt; b\n\n"
        "01:00:00.000 --> 01:01:01.250\n你好，世界\n"
    )


def test_captions_in_files_never_overlap(tmp_path):
    write_srt(tmp_path / "film.srt", [(2, 4, "two"), (0, 2.5, "one"), (3, 3, "gone")])
    times = re.findall(r"(\S+) --> (\S+)", (tmp_path / "film.srt").read_text())
    assert times == [
        ("00:00:00,000", "00:00:02,000"),
        ("00:00:02,000", "00:00:03,000"),
    ]
