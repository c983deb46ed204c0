import time

import pytest

from keras_anchor.drive.texts.languages import split_by_language
from keras_anchor.drive.texts.sentences import LONGEST, split_sentences

LANGUAGES = [
    ("Hello, world.", [("Hello, world.", "en")]),
    ("你好，世界。", [("你好，世界。", "zh")]),
    ("GDP增长5.2%。", [("GDP", "en"), ("增长5.2%。", "zh")]),
    ("他说“Hello”。", [("他说", "zh"), ("“Hello”。", "en")]),
    ("重5 kg的箱子", [("重5 kg的箱子", "zh")]),
    (
        "The company 华为 grew 5%",
        [("The company ", "en"), ("华为 ", "zh"), ("grew 5%", "en")],
    ),
    ("买MP3吧", [("买", "zh"), ("MP", "en"), ("3吧", "zh")]),
    ("Да, 5. Yes", [("Да, 5. ", None), ("Yes", "en")]),
    ("東京で", [("東京", "zh"), ("で", None)]),
    ("สวัสดี", [("สวัสดี", None)]),
    ("مرحبا", [("مرحبا", None)]),
    ("2026", [("2026", "en")]),
    ("...", [("...", "en")]),
    ("", []),
]
SENTENCES = [
    ("It rained. We left.", ["It rained.", "We left."]),
    ("Dr. Smith met Mr. Jones.", ["Dr. Smith met Mr. Jones."]),
    ("the U.S. Senate voted. Yes.", ["the U.S. Senate voted.", "Yes."]),
    ("He lives in the U.S. The end.", ["He lives in the U.S.", "The end."]),
    ("It grew 3.5 percent.", ["It grew 3.5 percent."]),
    ("Fruit, e.g. Apples. Good.", ["Fruit, e.g. Apples.", "Good."]),
    ("See https://a.com/b.html. Then go.", ["See https://a.com/b.html.", "Then go."]),
    ("J. K. Rowling wrote.", ["J. K. Rowling wrote."]),
    ("I like vitamin C. The end.", ["I like vitamin C.", "The end."]),
    ("At 5 p.m. he left. Then No. 5 came.", ["At 5 p.m. he left.", "Then No. 5 came."]),
    (
        '"Really?" he asked. "Yes." She left!',
        ['"Really?" he asked.', '"Yes."', "She left!"],
    ),
    ("Wait ... what? No!!", ["Wait ... what?", "No!!"]),
    ("他说：“好。”然后走了。", ["他说：“好。”", "然后走了。"]),
    ("真的吗？！是的……对。", ["真的吗？！", "是的……", "对。"]),
    ("增长3.5%。很好", ["增长3.5%。", "很好"]),
    ("OK.好的。", ["OK.", "好的。"]),
    ("one\ntwo\n\nthree", ["one", "two", "three"]),
    (" \n ", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "parts"), LANGUAGES)
def test_each_part_has_one_language(text, parts):
    assert split_by_language(text) == parts


def test_a_default_decides_what_stands_alone():
    assert split_by_language("2026", default="zh") == [("2026", "zh")]


def test_parts_joined_are_the_text_again():
    for text in [text for text, _ in LANGUAGES + SENTENCES]:
        assert "".join(part for part, _ in split_by_language(text)) == text


@pytest.mark.parametrize(("text", "sentences"), SENTENCES)
def test_sentences_end_where_a_reader_breathes(text, sentences):
    assert split_sentences(text) == sentences


@pytest.mark.parametrize("piece", ["a", "他", "word ", "a, ", "1.", "U.S. ", '"', "。"])
def test_100_000_characters_become_short_sentences_at_once(piece):
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    sentences = split_sentences(text)
    assert time.process_time() - start < 2
    assert "".join("".join(sentences).split()) == "".join(text.split())
    if piece != "。":
        assert max(map(len, sentences)) <= LONGEST


def test_a_long_sentence_is_cut_at_a_comma():
    text = "word " * 60 + "word, " + "word " * 60
    assert split_sentences(text)[0].endswith("word,")
