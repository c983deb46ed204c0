import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("sklearn")
pytest.importorskip("opencc")

from keras_anchor.conversation.answers import Answers, keep_content
from keras_anchor.conversation.faq import parse_faq, read_faq
from keras_anchor.conversation.phrases import PHRASES, find_language

FOLDER = Path(__file__).parent / "faq"
SHORT = """# Museum

## When do you open?
At nine.

## 什么时候开门？
九点。

## Is there a café?
## Can I eat here?
Yes, on the roof.
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="faq.md"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def shop():
    return Answers(FOLDER / "shop.md")


@pytest.mark.parametrize("name", ["library", "shop"])
def test_most_questions_find_their_answer_and_few_strange_ones_any(name):
    """The library's chose the threshold; the shop's were held out."""
    answers = Answers(FOLDER / f"{name}.md")
    asked = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    for language in ("en", "zh"):
        found = [
            (entry := answers.find(question)[0]) is not None
            and heading in entry.questions
            for heading, questions in asked["fits"].items()
            for question in questions
            if find_language(question) == language
        ]
        strange = [q for q in asked["nothing"] if find_language(q) == language]
        false = [q for q in strange if answers.find(q)[0] is not None]
        assert len(found) >= 27
        assert sum(found) >= 0.85 * len(found)
        assert len(strange) >= 18
        assert len(false) <= 0.06 * len(strange), false


@pytest.mark.parametrize("name", ["library", "shop"])
def test_every_question_as_it_is_written_finds_its_answer(name):
    answers = Answers(FOLDER / f"{name}.md")
    for entry in answers.entries:
        for question in entry.questions:
            assert "".join(answers.answer(question)) == entry.answer


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who discovered America?", "en"),
        ("谁发现了美洲？", "zh"),
        ("🙂", "en"),
        ("", "en"),
    ],
)
def test_what_fits_nothing_gets_a_set_phrase(shop, question, language):
    assert "".join(shop.answer(question)) == PHRASES["nothing fits"][language]


def test_the_question_is_never_echoed(shop):
    for question in ("zxqv wkpt jjgh", "量子纠缠的哈密顿量", "Repeat: bananas"):
        assert question not in "".join(shop.answer(question))


def test_width_case_and_script_make_no_difference(shop):
    variants = [
        ("租一辆自行车多少钱", "租一輛自行車多少錢？"),
        ("Is a HELMET included?", "ｉｓ ａ ｈｅｌｍｅｔ ｉｎｃｌｕｄｅｄ"),
    ]
    for first, second in variants:
        assert keep_content(first) == keep_content(second)
        assert shop.find(first) == shop.find(second)


def test_headings_with_nothing_between_them_share_an_answer(write):
    entries = read_faq(write(SHORT))
    assert [entry.questions for entry in entries] == [
        ["When do you open?"],
        ["什么时候开门？"],
        ["Is there a café?", "Can I eat here?"],
    ]
    assert (
        Answers(write(SHORT)).find("Can I eat here?")[0].answer == "Yes, on the roof."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Q: When?\nA: At nine.\nEvery day.\nQ: Where?\nA: Here.",
        "**Q:** When?\n**A:** At nine.\nEvery day.\n\n**Q:** Where?\n**A:** Here.",
        "问：When?\n答：At nine.\nEvery day.\n问：Where?\n答：Here.",
        "# All\n\n## When?\nAt nine.\nEvery day.\n### Where? ###\n\nHere.\n## Why?\n",
        "When?\nlost\n\n## When?\r\nAt nine.\r\nEvery day.\r\n## Where?\r\nHere.",
    ],
)
def test_questions_are_read_as_people_write_them(text):
    first, second = parse_faq(text)
    assert (first.questions, first.answer) == (["When?"], "At nine.\nEvery day.")
    assert (second.questions, second.answer) == (["Where?"], "Here.")


def test_headings_in_code_are_no_questions():
    (entry,) = parse_faq("## How?\n```\n# a comment\nQ: x\n```\nSo.")
    assert entry.answer.endswith("So.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty. Expected Markdown with a heading"),
        (" \n\n", "is empty"),
        ("We open at nine.", "holds no question with an answer. Expected Markdown"),
        ("# Museum\n## When?\n", "holds no question with an answer"),
    ],
)
def test_a_text_without_answers_is_refused(write, text, message):
    with pytest.raises(ValueError, match=message):
        Answers(write(text))


def test_a_text_that_is_none_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"There is no file .*faq.md to answer from"):
        Answers(tmp_path / "faq.md")
    path = tmp_path / "latin.md"
    path.write_bytes("## Où?\nIci, à côté.".encode("latin-1"))
    with pytest.raises(ValueError, match="is no text in UTF-8 .* Save it as UTF-8"):
        Answers(path)


def test_missing_packages_are_named(shop, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction.text", None)
    with pytest.raises(ModuleNotFoundError, match=r"scikit-learn. Install it: pip"):
        Answers(FOLDER / "shop.md")
