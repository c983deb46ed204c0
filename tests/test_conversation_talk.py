import json
import threading
import time

import pytest
from chat_server import HTML, event, hangs, replies, serve, speaks
from conversing import SECONDS, make_speech, talking, wait_for

from keras_anchor.conversation.endpoint import Endpoint
from keras_anchor.conversation.journal import Journal
from keras_anchor.conversation.phrases import PHRASES
from keras_anchor.conversation.plain import cut_sentences, strip_markdown
from keras_anchor.conversation.turns import in_time

pytest.importorskip("espeakng_loader")


class Mind:
    """A language model of somebody's own: says what it is told to, in pieces."""

    def __init__(self, *pieces):
        self.pieces, self.histories = pieces, []

    def answer(self, question, history):
        self.histories.append(list(history))
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            if isinstance(piece, float):
                time.sleep(piece)
            else:
                yield piece


def tone(text):
    """Speaks a third of a second a sentence, whatever it says."""
    yield make_speech(0.3, text)


def read_log(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def converse(mind, questions, path, **settings):
    """What the log holds after a whole talk."""
    with talking(mind, path, **settings) as talk:
        for question in questions:
            talk.ask(question)
        talk.end()
        assert talk.over.wait(60)
    return read_log(path)


def test_questions_from_a_pipe_are_answered_one_after_the_other(tmp_path, capsys):
    mind = Mind("One. ", "Two.")
    first, second = converse(mind, ["a?", "b?"], tmp_path / "log", speak=tone)
    assert (first["asked"], first["answered"]) == ("a?", "One. Two.")
    assert (second["asked"], second["answered"]) == ("b?", "One. Two.")
    assert not first["was_cut"]
    assert first["reason"] is None
    assert 0.0 < first["seconds_to_speech"] < first["seconds"]
    assert mind.histories == [[], [("a?", "One. Two.")]]
    assert capsys.readouterr().out.splitlines() == ["anchor: One.", "anchor: Two."] * 2


@pytest.mark.parametrize("word", ["quit", "Exit", "退出", "再见。"])
def test_a_word_ends_the_talk_at_once(tmp_path, word):
    mind, settings = Mind("A long answer. " * 50), {"speak": tone, "is_patient": False}
    with talking(mind, tmp_path / "log", **settings) as talk:
        talk.ask("a?")
        wait_for(lambda: talk.is_answering and talk.turn.said)
        talk.ask(word)
        wait_for(talk.over.is_set)
    assert read_log(tmp_path / "log")[0]["was_cut"]


def test_a_typed_line_breaks_the_answer_off(tmp_path):
    mind = Mind(*["And another sentence. "] * 50)
    settings = {"speak": tone, "is_patient": False}
    with talking(mind, tmp_path / "log", **settings) as talk:
        talk.ask("first?")
        wait_for(lambda: talk.turn and len(talk.turn.said) > 30)
        cut = talk.turn
        talk.ask("second?")
        wait_for(lambda: talk.turn not in (None, cut) and talk.turn.said)
        assert all(utterance.over.is_set() for utterance in cut.utterances)
        talk.interrupt()
        wait_for(lambda: talk.turn is None)
        frames = talk.stage.num_frames
        wait_for(lambda: talk.stage.num_frames > frames + 5)
        assert talk.stage.count_spoken() == 0
    first, second = read_log(tmp_path / "log")
    assert (first["asked"], first["was_cut"]) == ("first?", True)
    assert 1 < first["answered"].count("sentence") < 50
    # The model learns what was heard, not what it wanted to say.
    assert mind.histories[1] == [("first?", first["answered"])]


class Slow:
    """A model that thinks before it answers, and fails before it yields."""

    def answer(self, question, history):
        if question == "fail?":
            raise OSError("no such model")
        time.sleep(5.0)
        return ["Too late."]


def test_a_model_that_does_not_yield_is_timed_all_the_same(tmp_path):
    settings = {"patience": 1.0, "speak": tone}
    first, second = converse(Slow(), ["a?", "fail?"], tmp_path / "log", **settings)
    assert first["reason"] == "no answer came for 1 s"
    assert second["reason"] == "no such model"


def test_history_is_bounded(tmp_path):
    mind = Mind("Yes.")
    converse(mind, [f"{i}?" for i in range(12)], tmp_path / "log", speak=tone)
    assert len(mind.histories[-1]) == 8
    assert mind.histories[-1][0][0] == "3?"


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ([RuntimeError("out of memory")], "out of memory"),
        ([], "the answer holds nothing that can be said"),
        ([5.0, "Too late."], "no answer came for 1 s"),
        ([KeyError()], "KeyError"),
    ],
)
def test_without_an_answer_a_set_phrase_is_said(tmp_path, pieces, reason, capsys):
    questions = ["Why?", "为什么？"]
    settings = {"patience": 1.0, "speak": tone}
    lines = converse(Mind(*pieces), questions, tmp_path / "log", **settings)
    for line, language in zip(lines, ("en", "zh"), strict=True):
        assert line["answered"].split() == PHRASES["failed"][language].split()
        assert reason in line["reason"]
    assert f"keras-anchor: {lines[0]['reason']}" in capsys.readouterr().err


def test_an_answer_of_pictures_is_none(tmp_path):
    (line,) = converse(Mind("🙂🙂"), ["Why?"], tmp_path / "log")
    assert line["answered"] == PHRASES["failed"]["en"]
    assert "othing to say" in line["reason"]


def test_an_answer_that_breaks_off_says_so(tmp_path):
    mind = Mind("The first part. And", ConnectionError("reset by peer"))
    (line,) = converse(mind, ["Why?"], tmp_path / "log", speak=tone)
    assert line["answered"] == f"The first part. {PHRASES['broke off']['en']}"
    assert line["reason"] == "reset by peer"


def test_a_voice_that_cannot_say_the_phrase_says_the_other(tmp_path):
    def speak(text):
        if not text.isascii():
            raise ValueError(f"Nothing to say in {text!r}.")
        yield make_speech(0.3, text)

    (line,) = converse(Mind(), ["为什么？"], tmp_path / "log", speak=speak)
    assert line["answered"] == PHRASES["failed"]["en"]


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (hangs(), "has sent nothing for 1 s"),
        (replies(HTML, "text/html"), "sent text/html instead of an answer"),
        (replies(b"oops", status=500), "answered 500"),
    ],
)
def test_an_endpoint_that_fails_gets_the_phrase_and_the_log_says_why(
    tmp_path, behave, reason
):
    with serve(behave) as (url, _):
        mind = Endpoint(url, read_seconds=1.0)
        (line,) = converse(mind, ["什么时候？"], tmp_path / "log", speak=tone)
    assert line["answered"] == PHRASES["failed"]["zh"]
    assert reason in line["reason"]


def test_the_first_sentence_is_spoken_while_the_next_is_still_coming(tmp_path):
    behave = speaks("At nine. ", "On ", "Monday ", "at ten.", seconds=0.8)
    with (
        serve(behave) as (url, _),
        talking(Endpoint(url), tmp_path / "log", speak=tone) as talk,
    ):
        talk.ask("When?")
        wait_for(lambda: talk.turn and talk.turn.said)
        assert talk.turn.said == "At nine."
        talk.end()
        assert talk.over.wait(30)
    assert read_log(tmp_path / "log")[0]["answered"] == "At nine. On Monday at ten."


def test_interrupting_does_not_wait_for_an_endpoint_that_hangs(tmp_path):
    with serve(hangs(start=event("At nine. "))) as (url, _):
        settings = {"speak": tone, "is_patient": False}
        mind = Endpoint(url, read_seconds=20.0)
        with talking(mind, tmp_path / "log", **settings) as talk:
            talk.ask("When?")
            wait_for(lambda: talk.turn and talk.turn.said)
            start = time.monotonic()
            talk.ask("quit")
            assert talk.over.wait(SECONDS)
            assert time.monotonic() - start < 15.0


def test_nothing_is_kept_without_a_log(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Journal().write(asked="When?")
    assert list(tmp_path.iterdir()) == []


def test_a_log_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"The log .*can't be written .*Name a file"):
        Journal(tmp_path / "missing" / "log")


@pytest.mark.parametrize(
    ("pieces", "sentences"),
    [
        (["One. Tw", "o? Three"], ["One.", "Two?", "Three"]),
        (["第一句。第", "二句！还有"], ["第一句。", "第二句！", "还有"]),
        (["It costs 3.", "50 euros. Yes."], ["It costs 3.50 euros.", "Yes."]),
        (["Dr. Li and J. Smith, i.e. two."], ["Dr. Li and J. Smith, i.e. two."]),
        (['He said "No." Then'], ['He said "No."', "Then"]),
        (["# Title\n- a *b*\n- **c**\n"], ["Title", "a b", "c"]),
        (["<think>Hm. ", "So.</thi", "nk>\n\nYes. No."], ["Yes.", "No."]),
        (["<thi", "nk>Never ending. "], []),
        (["a < b. Yes."], ["a < b.", "Yes."]),
        ([""], []),
    ],
)
def test_sentences_are_cut_as_they_come(pieces, sentences):
    assert list(cut_sentences(pieces)) == sentences


def test_a_sentence_is_given_before_the_next_piece_is_asked_for():
    taken = []

    def pieces():
        for piece in ("One. ", "Two. "):
            taken.append(piece)
            yield piece

    assert next(cut_sentences(pieces())) == "One."
    assert taken == ["One. "]


def test_what_has_no_end_is_cut_at_a_space():
    sentences = list(cut_sentences(["word " * 1000]))
    assert max(map(len, sentences)) <= 400
    assert "".join(sentences).count("word") == 1000


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("See [our page](https://example.org).", "See our page."),
        ("**Bold**, *soft*, `code`, __under__", "Bold, soft, code, under"),
        ("![A cat](cat.png)", "A cat"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("> quoted\n```python\nx = 1\n```", "quoted\n\nx = 1"),
        ("a <!-- hidden -->b", "a b"),
        ("# 标题\n* 一\n+ 二", "标题\n一\n二"),
    ],
)
def test_markdown_is_not_read_out(written, said):
    assert strip_markdown(written) == said


def test_pieces_that_come_in_time_are_passed_on_and_errors_raised():
    assert list(in_time(lambda: "abc", 5.0)) == ["a", "b", "c"]
    with pytest.raises(ZeroDivisionError):
        list(in_time(lambda: (1 // n for n in (1, 0)), 5.0))
    before = threading.active_count()
    with pytest.raises(TimeoutError, match=r"no answer came for 0.1 s"):
        list(in_time(lambda: time.sleep(0.5), 0.1))
    wait_for(lambda: threading.active_count() <= before)
