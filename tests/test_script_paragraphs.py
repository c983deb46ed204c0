import numpy as np
import pytest

from keras_anchor.drive.moods import load_moods
from keras_anchor.drive.speaking import speak
from keras_anchor.script.paragraphs import (
    AFTER,
    BEFORE,
    LONGEST,
    check_paragraph,
    count_letters,
    find_runs,
    speak_paragraph,
    split_long,
)
from keras_anchor.script.parse import ScriptError, parse_script

pytest.importorskip("espeakng_loader")


def say(text, **settings):
    (paragraph,) = parse_script(text)
    return speak_paragraph(paragraph, **settings)


def silences(speech):
    return [(p.start, p.end) for p in speech.phonemes if not p.symbol]


def test_a_paragraph_is_its_speech_between_silences():
    spoken = say("Good evening.")
    end = spoken.speech.seconds
    first, last = silences(spoken.speech)
    assert first == pytest.approx((0.0, BEFORE), abs=1e-3)
    assert last == pytest.approx((end - AFTER, end), abs=1e-3)
    symbols = [p.symbol for p in speak("Good evening.").phonemes if p.symbol]
    assert [p.symbol for p in spoken.speech.phonemes if p.symbol] == symbols


def test_a_paragraph_is_said_at_the_pace_of_its_mood():
    usual, sad = (
        say(f"{cue}Good evening to all of you.").speech.seconds - BEFORE - AFTER
        for cue in ("", "[mood sad] ")
    )
    later = say("Hello. [pause 1][mood sad] Good evening to all of you.")
    assert later.speech.seconds - later.runs[1][0] - AFTER == pytest.approx(sad, 0.01)
    pace = load_moods()["sad"].numbers["pace"]
    assert usual / sad == pytest.approx(pace, abs=0.03)


def test_phonemes_fill_the_sound():
    speech = say("One. [pause 0.7] Two, [voice zh] 三 [voice] four. Five.").speech
    edges = [(p.start, p.end) for p in speech.phonemes]
    assert edges[0][0] == 0.0
    assert edges[-1][1] == pytest.approx(speech.seconds, abs=1e-3)
    for (_, end), (start, _) in zip(edges, edges[1:], strict=False):
        assert start == pytest.approx(end, abs=1e-3)


def test_a_pause_lasts_as_long_as_is_written():
    speech = say("Good evening. [pause 2] Good night.").speech
    lengths = [end - start for start, end in silences(speech)]
    assert lengths[1] == pytest.approx(2.0, abs=0.02)
    assert np.abs(speech.sound[round(1.5 * speech.sample_rate) :][:100]).max() < 0.01


def test_pauses_add_up():
    # Not the whole: espeak-ng takes 9 ms more or less for the same words.
    lengths = []
    for text in ("A. [pause 0.3][pause 0.4] B.", "A. [pause 0.7] B."):
        start, end = silences(say(text).speech)[1]
        lengths.append(end - start)
    assert lengths[0] == pytest.approx(lengths[1], abs=2e-3)


def test_cues_fall_where_the_speech_has_come_to():
    spoken = say("[nod] Good evening. [look left][pause 1][nod] Good night. [nod]")
    start, left, pause, nod, end = spoken.times
    first = silences(spoken.speech)[1][0]
    assert start == 0.0
    assert left == pause == pytest.approx(first, abs=2e-3)
    assert nod == pytest.approx(first + 1.0, abs=2e-3)
    assert end == pytest.approx(spoken.speech.seconds - AFTER, abs=2e-3)


def test_a_cue_inside_a_sentence_does_not_change_how_it_is_said():
    plain = say("The city opened a new bridge.")
    cued = say("The city [nod] opened [look left] a new bridge.")
    symbols = [[p.symbol for p in spoken.speech.phonemes] for spoken in (plain, cued)]
    assert symbols[0] == symbols[1]
    assert BEFORE < cued.times[0] < cued.times[1] < cued.speech.seconds - AFTER


def test_a_cue_before_a_later_sentence_falls_at_its_start():
    spoken = say("Good evening. [nod]Good night.")
    gap = silences(spoken.speech)[1]
    assert gap[0] <= spoken.times[0] <= gap[1] + 1e-3


def test_voices_change_where_the_script_says_so():
    alone = [speak("Hello there.", voice=name) for name in ("en-female", "en-male")]
    spoken = say("[voice en-female] Hello there. [voice en-male] Hello there.")
    runs = [text.strip() for _, text, _ in spoken.runs]
    assert runs == ["Hello there.", "Hello there."]
    for (_, _, phonemes), speech in zip(spoken.runs, alone, strict=True):
        assert phonemes[-1].end == pytest.approx(speech.seconds, abs=0.01)


def test_the_films_voice_is_used_where_the_script_names_none():
    (paragraph,) = parse_script("Hello. [voice en-male] Hello. [voice] Hello.")
    names = [name for _, _, name in find_runs(paragraph, "en-female")]
    assert names == ["en-female", "en-male", "en-female"]


def test_a_long_paragraph_comes_in_pieces_that_say_the_same():
    sentence = "This is sentence number {} of many, [nod] and it is not short. "
    text = "[mood sad]" + "".join(sentence.format(n) for n in range(80)) + "[voice en]"
    (paragraph,) = parse_script(text)
    pieces = split_long([paragraph])
    assert len(pieces) > 4
    assert " ".join(piece.text for piece in pieces) == paragraph.text
    assert max(count_letters(p.text, p.cues) for p in pieces) <= LONGEST
    for piece in pieces:
        marks = [cue.offset for cue in piece.cues if cue.kind == "nod"]
        assert all(piece.text[:offset].endswith("many, ") for offset in marks)
    assert sum(len(piece.cues) for piece in pieces) == len(paragraph.cues)
    assert [piece.state.mood for piece in pieces[1:]] == ["sad"] * (len(pieces) - 1)
    assert [piece.continues for piece in pieces] == [False] + [True] * (len(pieces) - 1)
    assert pieces[-1].is_continued is False


@pytest.mark.parametrize("text", ["字" * 30_000, "x" * 100_000, "word " * 20_000])
def test_a_hundred_thousand_characters_without_a_stop_are_cut(text):
    pieces = split_long(parse_script(text))
    assert max(count_letters(p.text, p.cues) for p in pieces) <= 2 * LONGEST
    said = "".join(piece.text.replace(" ", "") for piece in pieces)
    assert said == text.replace(" ", "")


def test_short_paragraphs_stay_whole():
    paragraphs = parse_script("One. Two.\n\nThree.")
    assert split_long(paragraphs) == paragraphs


def test_what_a_voice_cannot_read_is_named_with_its_line():
    paragraphs = parse_script("Hello.\n\nПривет.")
    check_paragraph(paragraphs[0], "news.txt")
    with pytest.raises(ScriptError, match=r"news.txt, line 3: .* read Cyrillic \(П\)"):
        check_paragraph(paragraphs[1], "news.txt")


@pytest.mark.filterwarnings("ignore:Left out")
def test_what_a_voice_cannot_read_is_left_out_on_request():
    (paragraph,) = parse_script("Привет. [pause 1] Hello.")
    assert check_paragraph(paragraph, "news.txt", skip_unreadable=True)
    spoken = speak_paragraph(paragraph, skip_unreadable=True)
    assert [text for _, text, _ in spoken.runs] == ["Hello."]


def test_a_paragraph_that_says_nothing_is_named_with_its_line():
    paragraphs = parse_script("Hello.\n\n🙂\n\n[pause 1]")
    assert check_paragraph(paragraphs[2], "news.txt") is False
    with pytest.raises(ScriptError, match="news.txt, line 3: nothing to say in '🙂'"):
        check_paragraph(paragraphs[1], "news.txt")
