"""Tests of lessons: slides, notes, and the film of both."""

import builtins
import re
import shutil

import numpy as np
import pytest
from decks import make_pdf

from keras_anchor.lesson import slides as slides_module
from keras_anchor.lesson.notes import parse_notes, read_notes, use_speaker_notes
from keras_anchor.lesson.slides import (
    Slides,
    SpeakerNotes,
    letterbox,
    read_speaker_notes,
)
from keras_anchor.lesson.stage import TURN_SECONDS, Stage

RED, GREEN, BLUE = (1, 0, 0), (0, 1, 0), (0, 0, 1)
NOTES = """# The moon
Good morning.

## Slide 2: Phases
It is *new*, or **full**.
- One
- Two [nod] and three

[next] Here we [pause 0.5] go on. [slide 1] And back.

<!-- [slide 99] nobody hears this -->
## Slide 5
The end.
"""


@pytest.fixture
def deck(tmp_path):
    pytest.importorskip("pypdfium2")
    path = tmp_path / "deck.pdf"
    path.write_bytes(make_pdf([RED, GREEN, BLUE]))
    return path


@pytest.fixture
def pptx_path(tmp_path):
    pptx = pytest.importorskip("pptx")
    presentation = pptx.Presentation()
    for number, notes in enumerate(["Hello.", "Not shown.", "", "[nod] Bye."], 1):
        slide = presentation.slides.add_slide(presentation.slide_layouts[5])
        slide.shapes.title.text = f"Title\n{number}"
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
        if number == 2:
            slide._element.set("show", "0")
    path = tmp_path / "deck.pptx"
    presentation.save(path)
    return path


def texts(steps):
    return [
        (step.slide, " / ".join(paragraph.text for paragraph in step.paragraphs))
        for step in steps
    ]


def test_notes_say_what_belongs_to_which_slide():
    steps = parse_notes(NOTES, 6)
    assert texts(steps) == [
        (1, "Good morning."),
        (2, "It is new, or full. One Two and three"),
        (3, "Here we go on."),
        (1, "And back."),
        (4, ""),
        (5, "The end."),
        (6, ""),
    ]
    assert [step.title for step in steps][:2] == ["", "Phases"]


def test_cues_stay_at_their_words():
    paragraph = parse_notes(NOTES, 6)[1].paragraphs[0]
    (nod,) = paragraph.cues
    assert nod.kind == "nod"
    assert paragraph.text[nod.offset :] == "and three"


@pytest.mark.parametrize(
    "heading",
    ["# Slide 2", "## slide 2: X", "### 2", "## 第2页", "## 2. X", "## Page 2 — X"],
)
def test_headings_name_slides_in_many_ways(heading):
    assert texts(parse_notes(f"{heading}\nHi.", 2)) == [(1, ""), (2, "Hi.")]


def test_moods_and_voices_last_across_slides():
    text = "[mood friendly] One.\n\n[next] Two. [mood sad] [next] Three."
    moods = [s.paragraphs[0].state.mood for s in parse_notes(text, 3)]
    assert moods == ["neutral", "friendly", "sad"]


def test_an_escaped_bracket_is_read_out():
    assert texts(parse_notes(r"It says \[next\].", 2))[0] == (1, "It says [next].")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Hi.\n\nAnd [next] now\n [next] too",
            "notes, line 4, column 2: there is no s",
        ),
        (
            "Hi.\n## Slide 7\nYes",
            "line 2, column 1: there is no slide 7, the slides nu",
        ),
        ("## Slide 0\nYes", "there is no slide 0, the slides number 2"),
        (
            "Hi [slide two]",
            "column 4: expected the slide's number, such as `.slide 3.`",
        ),
        ("## Results\nHi", "line 1, column 1: found the heading 'Results'. Expected o"),
        (
            "Hi [next] you [nodd] me",
            r"line 1, column 15: found `\[nodd\]`, which is no",
        ),
        ("[next]\n\n Hi [nodd]", r"line 3, column 5: found `\[nodd\]`"),
        (
            "Hi [background #aabbcc]",
            "line 1: `.background ….` has no place in a lesson",
        ),
        ("", "notes has nothing to say: expected text below headings"),
        ("## Slide 1\n[next]\n...", "nothing to say"),
    ],
)
def test_wrong_notes_say_where(text, message):
    with pytest.raises(ValueError, match=message):
        parse_notes(text, 2)


def test_files_of_notes_are_checked(tmp_path):
    with pytest.raises(ValueError, match=r"There is no file of notes .*no\.md"):
        read_notes(tmp_path / "no.md", 2)
    (tmp_path / "notes.md").write_bytes(b"Caf\xe9")
    with pytest.raises(ValueError, match="is no text in UTF-8"):
        read_notes(tmp_path / "notes.md", 2)
    (tmp_path / "notes.md").write_bytes("\ufeff## Slide 2\r\nHi.\r\n".encode())
    assert texts(read_notes(tmp_path / "notes.md", 2))[1] == (2, "Hi.")


def test_pages_are_drawn_full_frame(deck):
    with Slides(deck) as slides:
        assert slides.num_slides == 3
        page = slides.draw(2, 640, 360)
    assert page.shape == (360, 640, 3)
    assert page.dtype == np.uint8
    assert tuple(page[300, 600]) == (0, 255, 0)
    assert tuple(page[90, 90]) == (0, 0, 0)


def test_other_shapes_get_bars_of_their_own_colour(tmp_path):
    pytest.importorskip("pypdfium2")
    path = tmp_path / "square.pdf"
    path.write_bytes(make_pdf([BLUE], width=400, height=400))
    with Slides(path) as slides:
        page = slides.draw(1, 640, 360)
    assert (page[:, :100] == (0, 0, 255)).all()
    # The square keeps its shape and place.
    dark = np.argwhere((page == 0).all(-1))
    assert np.ptp(dark, axis=0) == pytest.approx([35, 35], abs=2)
    assert dark[:, 1].min() == pytest.approx(140 + 36, abs=2)
    assert letterbox(page[:, 140:500], 100, 300).shape == (300, 100, 3)


def test_what_is_no_deck_is_refused(tmp_path, deck):
    with pytest.raises(ValueError, match="Expected slides as .pdf or .pptx, received"):
        Slides(tmp_path / "deck.key")
    with pytest.raises(ValueError, match="There is no file"):
        Slides(tmp_path / "none.pdf")
    for data in (b"", b"%PDF-1.4 and then nothing", b"text"):
        (tmp_path / "broken.pdf").write_bytes(data)
        with pytest.raises(
            ValueError, match=r"broken\.pdf is no PDF that .*[^.]\)\. If"
        ):
            Slides(tmp_path / "broken.pdf")


def test_speaker_notes_are_read_and_hidden_slides_left_out(pptx_path):
    notes = read_speaker_notes(pptx_path)
    assert notes == [
        SpeakerNotes("Title 1", "Hello."),
        SpeakerNotes("Title 3", ""),
        SpeakerNotes("Title 4", "[nod] Bye."),
    ]
    steps = use_speaker_notes(notes)
    assert texts(steps) == [(1, "Hello."), (2, ""), (3, "Bye.")]
    assert steps[2].title == "Title 4"


def test_wrong_speaker_notes_name_the_slide(pptx_path):
    with pytest.raises(ValueError, match=r"deck, notes of slide 2, line 1, column 4"):
        use_speaker_notes(
            [SpeakerNotes("", "A"), SpeakerNotes("", "Hi [wave]")], "deck"
        )
    with pytest.raises(ValueError, match="holds no speaker notes. Write some"):
        use_speaker_notes([SpeakerNotes("A", "")])
    pptx_path.write_bytes(b"This is no zip.")
    with pytest.raises(ValueError, match="is no PPTX that can be read"):
        read_speaker_notes(pptx_path)


def test_missing_packages_are_named(monkeypatch, deck, pptx_path):
    real = builtins.__import__

    def refuse(name, *rest):
        if name.split(".")[0] in ("pypdfium2", "pptx"):
            raise ModuleNotFoundError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    for read in (lambda: Slides(deck), lambda: read_speaker_notes(pptx_path)):
        with pytest.raises(ModuleNotFoundError, match=r"keras-anchor\[lesson\]"):
            read()


def test_without_libreoffice_a_pptx_is_refused(monkeypatch, pptx_path):
    pytest.importorskip("pypdfium2")
    monkeypatch.setattr(slides_module, "OFFICES", ("no-such-office",))
    with pytest.raises(ValueError, match="need LibreOffice .*apt install libreoffice-"):
        Slides(pptx_path)


def test_libreoffice_is_quoted_without_its_warnings(monkeypatch, tmp_path, pptx_path):
    pytest.importorskip("pypdfium2")
    office = tmp_path / "office"
    office.write_text("#!/bin/sh\necho 'Warning: no java\nError: no load' >&2\n")
    office.chmod(0o755)
    monkeypatch.setattr(slides_module, "OFFICES", (str(office),))
    with pytest.raises(
        ValueError, match=r"could not convert .* \(Error: no load\)\. O"
    ):
        Slides(pptx_path)


@pytest.mark.slow
def test_libreoffice_draws_a_pptx(pptx_path):
    if not shutil.which("soffice"):
        pytest.skip("no LibreOffice")
    pytest.importorskip("pypdfium2")
    with Slides(pptx_path) as slides:
        assert slides.num_slides == 3
        page = slides.draw(1, 640, 360)
    assert page.min() < 100


@pytest.fixture
def anchor_frame():
    rgba = np.zeros((64, 64, 4), "uint8")
    rgba[20:, 10:54] = (200, 150, 120, 255)
    return rgba


@pytest.mark.parametrize("corner", ["left", "right"])
def test_the_anchor_stands_in_its_corner(deck, anchor_frame, corner):
    with Slides(deck) as slides:
        stage = Stage(slides, 640, 360, corner=corner, size=0.5)
        frame = stage.compose(anchor_frame, 2)
        page = slides.draw(2, 640, 360)
    changed = (frame != page).any(-1)
    assert not changed[:150].any()
    half = changed[:, :320] if corner == "left" else changed[:, 320:]
    assert half.sum() == changed.sum() > 5000
    assert changed[-1].sum() > 80


def test_a_page_turns_softly(deck, anchor_frame):
    with Slides(deck) as slides:
        compose = Stage(slides, 640, 360).composer(2, previous=1)
        seconds = np.linspace(0, TURN_SECONDS, 5)
        greens = [int(compose(anchor_frame, s)[10, 10, 1]) for s in seconds]
    assert greens[0] == 0
    assert greens[-1] == 255
    assert np.diff(greens).min() > 40


def test_captions_lie_over_the_slide(deck, anchor_frame):
    with Slides(deck) as slides:
        stage = Stage(slides, 640, 360)
        plain, written = stage.composer(1), stage.composer(1, captions=[(1, 2, "Hi")])
        assert np.array_equal(plain(anchor_frame, 0), written(anchor_frame, 0))
        assert not np.array_equal(plain(anchor_frame, 1), written(anchor_frame, 1))


def test_wrong_corners_and_sizes_are_refused(deck):
    with Slides(deck) as slides:
        with pytest.raises(
            ValueError, match="Unknown corner 'top'. Known: left, right"
        ):
            Stage(slides, corner="top")
        with pytest.raises(ValueError, match="from 0.1 to 1.0, received 2"):
            Stage(slides, size=2)
        with pytest.raises(ValueError, match="even height from 90 to 4320 pixels, rec"):
            Stage(slides, height=721)


def test_a_pdf_needs_notes(deck, tmp_path):
    from keras_anchor.lesson.lesson import make_lesson

    with pytest.raises(ValueError, match="holds no notes. Name a text file"):
        make_lesson(deck, None, tmp_path / "lesson.mp4")
    with pytest.raises(ValueError, match="up to 600 seconds for slides without notes"):
        make_lesson(deck, None, tmp_path / "lesson.mp4", silent_seconds=-1)
    with pytest.raises(ValueError, match="is no font that can be read"):
        make_lesson(deck, None, tmp_path / "lesson.mp4", font=deck)


def test_a_lesson_is_a_film_with_chapters_and_captions(deck, tmp_path):
    av = pytest.importorskip("av")
    pytest.importorskip("espeakng_loader")
    from keras_anchor.lesson.lesson import make_lesson

    notes = tmp_path / "notes.md"
    notes.write_text("## Slide 1: Start\nHello.\n\n## Slide 3\nBye.\n")
    film = tmp_path / "lesson.mp4"
    settings = {"silent_seconds": 0.4, "captions": ("srt", "vtt"), "fps": 10}
    settings["height"] = 180
    assert make_lesson(deck, notes, film, **settings) == film
    with av.open(str(film)) as container:
        chapters = container.chapters()
        frames = [
            frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)
        ]
    titles = [chapter["metadata"]["title"] for chapter in chapters]
    assert titles == ["Start", "Slide 2", "Slide 3"]
    # Each slide is seen in its chapter, once its page has turned.
    for chapter, channel in zip(chapters, range(3), strict=True):
        end = int(chapter["end"] * chapter["time_base"] * 10)
        assert frames[end - 1].shape == (180, 320, 3)
        assert frames[end - 1][5, 5].argmax() == channel
    times = re.findall(r"(\S+) --> (\S+)", film.with_suffix(".srt").read_text())
    assert len(times) == 2
    third = float(chapters[2]["start"] * chapters[2]["time_base"])
    assert float(times[1][0][6:].replace(",", ".")) >= third
    assert "Bye." in film.with_suffix(".vtt").read_text()
    # Only what changed is drawn again.
    folder = tmp_path / ".lesson.mp4.parts"
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.mp4")}
    notes.write_text("## Slide 1: Start\n\nHello.\n\n## Slide 3\nGo!\n")
    make_lesson(deck, notes, film, **settings)
    after = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.mp4")}
    assert len(before) == len(after) == 3
    assert len(before.items() & after.items()) == 2
