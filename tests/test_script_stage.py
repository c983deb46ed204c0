import numpy as np
import pytest

from keras_anchor.drive.speech import Phoneme, Speech
from keras_anchor.scene.overlays import GO_SECONDS, Caption, LowerThird
from keras_anchor.script.paragraphs import Spoken
from keras_anchor.script.parse import Paragraph, State, TextCue
from keras_anchor.script.render import clean_lines
from keras_anchor.script.stage import Stage

SECONDS, START = 10.0, State()


def set_stage(cues=(), state=START, **settings):
    """A stage for cues `[(seconds, kind, value), ...]`."""
    speech = Speech(np.zeros(160, "float32"), 16, [Phoneme(0.0, SECONDS, "")])
    spoken = Spoken(speech, [seconds for seconds, _, _ in cues], [])
    texts = [TextCue(0, kind, value) for _, kind, value in cues]
    return Stage(Paragraph("", texts, state), spoken, "1:1", **settings)


def times_of(stage, kind):
    return [
        (overlay.start, overlay.end)
        for overlay in stage.overlays
        if isinstance(overlay, kind)
    ]


def see(stage, seconds):
    """The colour of the upper left corner."""
    clear = np.zeros((64, 64, 4), "uint8")
    return tuple(stage(clear, seconds)[0, 0].tolist())


def test_a_background_changes_where_its_cue_falls_and_returns_to_the_films():
    stage = set_stage(
        [(2.0, "background", "#ff0000"), (4.0, "background", None)],
        State(background="#00ff00"),
        background="#0000ff",
    )
    assert see(stage, 1.9) == (0, 255, 0)
    assert see(stage, 2.0) == see(stage, 3.9) == (255, 0, 0)
    assert see(stage, 4.0) == (0, 0, 255)


def test_a_lower_third_that_goes_on_neither_comes_nor_goes():
    stage = set_stage(state=State(lower_third=("N", "r")))
    assert times_of(stage, LowerThird) == [(-np.inf, np.inf)]


def test_one_lower_third_goes_before_the_next_comes():
    cues = [(2.0, "lower-third", ("A", "")), (5.0, "lower-third", ("B", ""))]
    cues.append((8.0, "lower-third", None))
    assert times_of(set_stage(cues), LowerThird) == [
        (2.0, pytest.approx(5.0 + GO_SECONDS)),
        (pytest.approx(5.0 + GO_SECONDS), pytest.approx(8.0 + GO_SECONDS)),
    ]


def test_a_written_caption_lasts_until_the_next_or_the_end():
    cues = [(1.0, "caption", "A"), (3.0, "caption", "B"), (6.0, "caption", "")]
    assert times_of(set_stage(cues), Caption) == [(1.0, 3.0), (3.0, 6.0)]
    assert times_of(set_stage(cues[:2]), Caption) == [(1.0, 3.0), (3.0, SECONDS)]


def test_written_captions_take_the_place_of_spoken_ones():
    cues = [(3.0, "caption", "W"), (6.0, "caption", "")]
    spoken = [(0.0, 2.0, "A"), (2.0, 8.0, "B"), (5.8, 6.2, "C")]
    stage = set_stage(cues, captions=spoken)
    assert times_of(stage, Caption) == [(3.0, 6.0), (0.0, 2.0), (2.0, 3.0), (6.0, 8.0)]


def test_pictures_leave_no_gap_in_burnt_captions():
    assert clean_lines("A 🙂 b 🎉.\n大家🙂好") == "A b.\n大家 好"
