"""Tests of titles and captions in the picture."""

import numpy as np
import pytest

from keras_anchor.scene.fonts import REGULAR, SEMIBOLD, Font, covers, list_fonts
from keras_anchor.scene.overlays import Caption, LowerThird

WIDE_FRAME, TALL_FRAME = (360, 640, 3), (640, 360, 3)
LONG = "The longest title that a committee ever gave to a deputy undersecretary " * 3


def lay(overlay, seconds=0.0, shape=WIDE_FRAME, level=90):
    """What an overlay changes of a grey frame: a mask, and the frame."""
    frame = np.full(shape, level, "uint8")
    overlay.lay(frame, seconds)
    return (frame != level).any(-1), frame


def test_a_lower_third_comes_stays_and_goes():
    bar = LowerThird("Jane Doe", "Newsreader", start=1.0, end=5.0)
    sizes = [lay(bar, seconds)[0].sum() for seconds in np.arange(0.9, 1.8, 0.1)]
    assert sizes[0] == sizes[1] == 0
    assert sizes[2] > 0
    assert np.diff(sizes).min() >= 0
    assert lay(bar, 3.0)[0].sum() == sizes[-1]
    assert 0 < lay(bar, 4.8)[0].sum() < sizes[-1]
    assert not lay(bar, 5.0)[0].any()


def test_words_appear_last():
    bar = LowerThird("Jane Doe", start=0.0)
    assert lay(bar, 0.3)[1].min(-1).max() < 200
    assert lay(bar, 2.0)[1].min(-1).max() > 240


def test_without_times_a_lower_third_is_always_there():
    bar = LowerThird("Jane Doe")
    assert np.array_equal(lay(bar, 0.0)[1], lay(bar, 1e6)[1])
    assert lay(bar)[0].any()


@pytest.mark.parametrize("shape", [WIDE_FRAME, TALL_FRAME])
@pytest.mark.parametrize("text", [LONG, "国务院新闻办公室" * 12])
def test_long_names_and_captions_stay_inside(shape, text):
    for overlay in (LowerThird(text, text), Caption(text)):
        changed, _ = lay(overlay, shape=shape)
        assert changed.any()
        assert not changed[:, -5:].any()
        assert not changed[-5:].any()


@pytest.mark.parametrize("shape", [WIDE_FRAME, TALL_FRAME])
def test_a_lower_third_leaves_room_to_captions(shape):
    bar = LowerThird("Jane Doe", "Newsreader", above_captions=True)
    caption = Caption("Two lines of what is said to everyone\n" * 2)
    assert not (lay(bar, shape=shape)[0] & lay(caption, shape=shape)[0]).any()


def test_captions_are_there_from_start_to_end():
    caption = Caption("Hello", start=1.0, end=2.0)
    shown = [lay(caption, s)[0].any() for s in (0.99, 1.0, 1.99, 2.0)]
    assert shown == [False, True, True, False]


def test_captions_stand_in_the_middle_and_can_be_read_on_white():
    changed, frame = lay(Caption("Hello there"), level=255)
    columns = np.flatnonzero(changed.any(0))
    assert columns[0] + columns[-1] == pytest.approx(639, abs=2)
    assert frame.max(-1).min() < 100


def test_an_overlay_fits_frames_of_another_size():
    caption = Caption("Hello")
    small = lay(caption)[0].sum()
    assert lay(caption, shape=(720, 1280, 3))[0].sum() == pytest.approx(
        4 * small, rel=0.1
    )


def test_empty_names_and_times_are_refused():
    with pytest.raises(ValueError, match="needs a name, received an empty one"):
        LowerThird(" \n")
    with pytest.raises(ValueError, match="end after the start, received 3 to 2 sec"):
        Caption("Hello", start=3, end=2)


@pytest.mark.parametrize(
    "text", ["Ångström €5", "Привет", "Ελλάδα", "你好，世界", "漢字かな한글"]
)
def test_the_built_in_font_draws(text):
    opacity = Font().draw(text, 40)
    assert opacity.shape[0] == 80
    assert (opacity.max(0) > 0).mean() > 0.5


def test_what_no_font_has_is_refused_not_drawn_as_a_square():
    with pytest.raises(
        ValueError, match=r"No font has a picture for .*U\+10FFFD.*--font"
    ):
        Caption("Hello \U0010fffd")
    with pytest.raises(ValueError, match="Thai letters .* cannot be drawn"):
        LowerThird("สวัสดี")


def test_question_marks_can_be_drawn():
    assert covers(Font().face, "?")
    Font().check("Why? 为什么？")


def test_weights_make_letters_heavier():
    for text in ("Anchor", "新闻"):
        light, heavy = (Font().draw(text, 40, w).mean() for w in (REGULAR, SEMIBOLD))
        assert heavy > 1.08 * light


def test_width_is_what_is_drawn():
    assert Font().draw("Anchor", 40).shape[1] == Font().width("Anchor", 40)


def test_files_that_are_no_fonts_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"There is no font .*none.ttf. Expected"):
        Font(tmp_path / "none.ttf")
    path = tmp_path / "font.ttf"
    for data in (b"This is no font.", b"\x00\x01\x00\x00" + bytes(500), b""):
        path.write_bytes(data)
        with pytest.raises(ValueError, match="is no font that can be read"):
            Font(path)


def test_a_font_of_the_users_draws_its_own_letters():
    paths = [path for path in list_fonts() if "DejaVuSans" in path]
    if not paths:
        pytest.skip("no DejaVu Sans here")
    font = Font(paths[0])
    assert not np.array_equal(font.draw("Anchor", 40), Font().draw("Anchor", 40))
    # What it lacks comes from the built-in ones.
    font.check("你好")
    assert np.array_equal(font.draw("你好", 40), Font().draw("你好", 40))
