import argparse
import os
import subprocess
import sys
from datetime import date, datetime, timedelta

import pytest

from keras_anchor.anchors import load_anchor
from keras_anchor.cli import main
from keras_anchor.consent import (
    FIRST_ZONE,
    NOT_NEEDED,
    UNKNOWN,
    Consent,
    describe_consent,
    get_consent,
    to_public,
    to_record,
)
from keras_anchor.footage_arguments import add_consent
from keras_anchor.footage_commands import consent_of

ADA = {"who": "Ada", "purpose": "read the news", "date": "2026-01-31", "note": "a@b.c"}
TODAY = date.today().isoformat()
IN_TERMINAL = "from keras_anchor.consent import get_consent; print(get_consent())"


def test_a_consent_comes_back_from_its_record():
    consent = Consent(**ADA)
    assert consent.to_dict() == to_record(consent) == ADA
    assert Consent.from_dict(ADA) == consent
    assert to_record(None) == UNKNOWN


def test_the_date_is_today_unless_told():
    assert Consent("Ada", "news").to_dict() == {
        "who": "Ada",
        "purpose": "news",
        "date": TODAY,
        "note": "",
    }


def test_it_may_be_tomorrow_where_they_agreed():
    tomorrow = datetime.now(FIRST_ZONE).date()
    assert Consent("Ada", "news", tomorrow.isoformat()).date == tomorrow.isoformat()
    with pytest.raises(ValueError, match="lies in the future"):
        Consent("Ada", "news", (tomorrow + timedelta(days=1)).isoformat())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"who": " "}, "`who` of a consent to be a text, received ' '"),
        ({"purpose": None}, "`purpose` of a consent to be a text, received None"),
        ({"note": 7}, "`note` of a consent to be a text, received 7"),
        ({"date": "20260131"}, "as YYYY-MM-DD, received '20260131'"),
        ({"date": "2026-02-30"}, "as YYYY-MM-DD, received '2026-02-30'"),
        ({"date": None}, "as YYYY-MM-DD, received None"),
        ({"date": "9999-01-01"}, "9999-01-01, lies in the future"),
        ({"age": 36}, "Expected a consent with .* received .*'age'"),
    ],
)
def test_a_wrong_consent_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        Consent.from_dict(ADA | wrong)


def test_half_a_consent_is_refused():
    with pytest.raises(ValueError, match=r"Expected a consent with .* received \['who"):
        Consent.from_dict({"who": "Ada", "date": TODAY})


def test_the_note_is_not_published():
    public = to_public(ADA)
    assert "note" not in public and public.items() <= ADA.items()
    assert describe_consent(ADA) == "Ada agreed on 2026-01-31 to: read the news"


def test_what_older_versions_wrote_is_read():
    shipped = load_anchor("adam").info["consent"]
    assert describe_consent(shipped) == describe_consent(NOT_NEEDED)
    assert to_public("unknown") == UNKNOWN
    assert to_public(UNKNOWN) == UNKNOWN


def answer(monkeypatch, *answers):
    """Answers questions in their order, then ends the input, in a terminal."""
    answers = iter(answers)

    def reply(question):
        try:
            return next(answers)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", reply)
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)


def test_a_terminal_is_asked_until_answers_make_sense(monkeypatch, capsys):
    replies = "YES", "", "Ada", "read the news", "9999-01-01", "2026-01-31", "a@b.c"
    answer(monkeypatch, *replies)
    assert get_consent() == Consent(**ADA)
    assert "lies in the future" in capsys.readouterr().out


def test_no_answer_to_the_date_is_today(monkeypatch):
    answer(monkeypatch, "y", "Ada", "news", "", "")
    assert get_consent() == Consent("Ada", "news", TODAY)


@pytest.mark.parametrize("reply", ["no", "", "maybe"])
def test_without_consent_nothing_is_made(monkeypatch, reply):
    answer(monkeypatch, reply)
    with pytest.raises(ValueError, match="with their consent only. Ask them"):
        get_consent()


def test_unanswered_questions_are_no_consent(monkeypatch):
    answer(monkeypatch, "yes", "Ada")
    with pytest.raises(ValueError, match="consent were not answered"):
        get_consent()


def test_flags_answer_in_a_scripts_stead():
    day = (date.today() - timedelta(1)).isoformat()
    found = get_consent(who="Ada", purpose="news", date=day, note="a@b.c")
    assert found == Consent("Ada", "news", day, "a@b.c")


@pytest.mark.parametrize("given", [{}, {"who": "Ada"}, {"date": TODAY}])
def test_a_script_is_told_the_flags(given):
    with pytest.raises(ValueError, match="say who agreed and to what: --consent-who"):
        get_consent(**given)


def test_half_the_flags_are_not_completed_by_questions(monkeypatch):
    answer(monkeypatch, "yes", "Ada", "news", "", "")
    with pytest.raises(ValueError, match="--consent-purpose TEXT"):
        get_consent(who="Ada")


def test_the_flags_arrive():
    command = argparse.ArgumentParser()
    add_consent(command)
    flags = [text for name in ADA for text in (f"--consent-{name}", ADA[name])]
    assert consent_of(command.parse_args(flags)) == Consent(**ADA)


def test_nobody_is_asked_about_a_video_that_is_not_there(monkeypatch, capsys):
    pytest.importorskip("av")
    answer(monkeypatch)
    assert main(["capture", "nowhere.mp4", "--to", "take"]) == 2
    assert "no video file nowhere.mp4" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are POSIX's")
def test_a_real_terminal_is_asked():
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", IN_TERMINAL], stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    os.write(ours, b"yes\nAda\nread the news\n2026-01-31\n\n")
    shown = b""
    while b"note=''" not in shown:
        shown += os.read(ours, 4096)
    assert process.wait(timeout=30) == 0
    os.close(ours)
    assert b"did the person agree to it? [yes/no]" in shown
    assert b"purpose='read the news', date='2026-01-31'" in shown
