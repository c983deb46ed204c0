import numpy as np
import pytest

from keras_anchor.script.parse import (
    ScriptError,
    State,
    TextCue,
    parse_script,
    read_script,
)

pytest.importorskip("espeakng_loader")


def cues_of(paragraph):
    return [(cue.offset, cue.kind, cue.value) for cue in paragraph.cues]


def test_blank_lines_divide_paragraphs_and_line_ends_do_not():
    first, second = parse_script("One\ntwo.\n\n \nThree.\n")
    assert (first.text, second.text) == ("One two.", "Three.")
    assert (first.line, second.line) == (1, 5)


def test_chinese_lines_are_joined_without_a_space():
    (paragraph,) = parse_script("大家\n晚上好，\nhello\n世界。")
    assert paragraph.text == "大家晚上好， hello 世界。"


def test_cues_stand_where_they_are_written():
    (paragraph,) = parse_script("Hello [nod] big [pause 0.5] world.[look left]")
    assert paragraph.text == "Hello big world."
    places = [(offset, kind) for offset, kind, _ in cues_of(paragraph)]
    assert places == [(6, "nod"), (10, "pause"), (16, "look")]


def test_a_paragraph_without_cues_is_its_text_whatever_the_white_space():
    words = ["a", "bb", "ccc", "d", "ee"]
    (paragraph,) = parse_script("  a bb  ccc\td\n ee  ")
    assert paragraph.text == " ".join(words)


def test_escaped_brackets_are_text():
    (paragraph,) = parse_script(r"See \[2\], C:\temp and \\[nod].")
    assert paragraph.text == r"See [2], C:\temp and \."
    assert cues_of(paragraph) == [(22, "nod", "")]


def test_comment_lines_are_not_heard_and_do_not_part():
    (paragraph,) = parse_script("One\n// nobody [hears] this\ntwo.")
    assert paragraph.text == "One two."


def test_values_are_what_they_mean():
    (paragraph,) = parse_script(
        "[pause 1.5][lower-third 王芳，主播][lower-third][caption A, b][caption]"
        "[chapter Now][LOOK Left][voice][background #102030] Text."
    )
    assert [cue.value for cue in paragraph.cues] == [
        1.5,
        ("王芳", "主播"),
        None,
        "A, b",
        "",
        "Now",
        "left",
        None,
        "#102030",
    ]


def test_hash_lines_are_chapters_of_what_follows():
    first, second = parse_script("# One\nText.\n## Two \n\nMore.\n#tag")
    assert cues_of(first) == [(0, "chapter", "One")]
    assert cues_of(second) == [(0, "chapter", "Two")]
    assert second.text == "More. #tag"


def test_each_paragraph_knows_what_was_set_before_it():
    paragraphs = parse_script(
        "[voice en][mood sad] A.\n\nB. [lower-third N, r][background #000000]\n\nC."
    )
    assert [paragraph.state for paragraph in paragraphs] == [
        State(),
        State("sad", "en"),
        State("sad", "en", "#000000", ("N", "r")),
    ]


def test_cues_alone_go_to_the_text_that_follows_or_else_ends():
    first, last = parse_script("[mood sad]\n\nA.\n\nB.\n\n[lower-third]")
    assert cues_of(first) == [(0, "mood", "sad")]
    assert cues_of(last) == [(2, "lower-third", None)]


def test_a_pause_alone_is_a_paragraph():
    paragraphs = parse_script("A.\n\n[pause 2]\n\nB.")
    assert [paragraph.text for paragraph in paragraphs] == ["A.", "", "B."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Good\n evening [paus 1]",
            r"line 2, column 10: found `\[paus 1\]`, which is no cue. Did you mean "
            r"`\[pause 1\]`\? Known: .*`\[nod\]`",
        ),
        ("[sing]", r"column 1: found `\[sing\]`, which is no cue. Known: "),
        ("a []", "column 3: found empty brackets. Known: "),
        ("a [nod", r"column 3: the bracket `\[` is not closed on its line"),
        ("a ] b", r"column 3: the bracket `\]` closes nothing. .* read out `\\\]`"),
        ("a [[nod]]", r"column 3: the bracket `\[` is not closed"),
        ("[pause]", r"Expected seconds up to 60, such as `\[pause 0.5\]`, received ''"),
        ("[pause 61] a", "Expected seconds up to 60"),
        ("[pause -1] a", "Expected seconds up to 60"),
        ("[pause nan] a", "Expected seconds up to 60"),
        ("[mood frendly] a", "Expected a mood, received 'frendly'. Did you mean `fri"),
        (
            "[look away] a",
            "Expected where to look, .* Known: left, right, up, down, ca",
        ),
        ("[nod twice] a", "Expected nothing more, received 'twice'"),
        ("[voice klingon] a", "Unknown voice 'klingon'"),
        ("[background #12] a", "Expected a colour such as `#20304a`, received '#12'"),
        ("[background no.jpg] a", "There is no picture .*no.jpg. Expected a colour"),
        (
            "[lower-third , role] a",
            r"Expected `\[lower-third Name, role\]`, received no",
        ),
        ("[chapter] a", r"Expected a title, such as `\[chapter Weather\]`"),
        (f"[caption {'x' * 201}] a", "at most 200 characters to show, received 201"),
        ("【pause 1】 a", "column 1: found '【pause 1】'. Cues stand in plain square"),
        ("", "script has nothing to say: .* found none"),
        ("\n// only this\n", "script has nothing to say: .* found none"),
        ("[nod]\n\n[pause 2]", "script has nothing to say: .* found none"),
        ("🙂 🎉", "script has nothing to say: .* received '🙂 🎉'"),
        ("A.\n\n# End", "line 3: the chapter 'End' holds no text"),
    ],
)
def test_what_cannot_be_followed_is_named_with_its_place(text, message):
    with pytest.raises(ScriptError, match=message):
        parse_script(text)


def test_pictures_are_sought_beside_the_script(tmp_path):
    import cv2

    path = tmp_path / "news.txt"
    path.write_text("[background wall.png] Hello.", encoding="utf-8")
    with pytest.raises(ScriptError, match=r"news.txt, line 1, column 1: .* no picture"):
        read_script(path)
    (tmp_path / "wall.png").write_bytes(b"none")
    with pytest.raises(ScriptError, match="wall.png is no picture that can be read"):
        read_script(path)
    cv2.imwrite(str(tmp_path / "wall.png"), np.zeros((9, 9, 3), "uint8"))
    (cue,) = read_script(path)[0].cues
    assert cue == TextCue(0, "background", str(tmp_path / "wall.png"), 1)
    path.write_text("[background wal.png] Hello.", encoding="utf-8")
    with pytest.raises(ScriptError, match=r"Did you mean `wall.png`\?"):
        read_script(path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("Schöne\nGrüße".encode("utf-16"), "line 1: expected text in UTF-8"),
        ("Hello\nGrüße".encode("latin-1"), "line 2: expected text in UTF-8, .* 0xfc"),
        (b"a\0b", "is no plain text"),
    ],
)
def test_files_that_are_no_text_are_refused(tmp_path, data, message):
    path = tmp_path / "script.txt"
    path.write_bytes(data)
    with pytest.raises(ScriptError, match=message):
        read_script(path)


def test_missing_scripts_are_named(tmp_path):
    with pytest.raises(
        ValueError, match="a plain text file: .*none.txt does not exist"
    ):
        read_script(tmp_path / "none.txt")
    with pytest.raises(ValueError, match="is a folder"):
        read_script(tmp_path)


def test_windows_files_read_like_others(tmp_path):
    path = tmp_path / "script.txt"
    path.write_bytes("\ufeff# Title\r\nOne\r\ntwo.\r\n\r\nThree.".encode())
    first, second = read_script(path)
    assert (first.text, second.text) == ("One two.", "Three.")
    assert cues_of(first) == [(0, "chapter", "Title")]
