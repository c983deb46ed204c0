import json
from pathlib import Path

import numpy as np
import pytest
from drawings import draw_presenter

from keras_anchor import controls as ctl
from keras_anchor.data.check.coverage import YAW_NAMES, measure_coverage, place_poses
from keras_anchor.data.check.lip_shapes import LIP_SHAPES, place_lips
from keras_anchor.data.faces import NAMES as SHAPE_NAMES
from keras_anchor.data.faces import Face, FaceTracker
from keras_anchor.drive.visemes import VisemeTable
from keras_anchor.frames import composite
from keras_anchor.record import READING_PATH, read_prompts

DOCS = Path(__file__).parents[1] / "docs"
GUIDES = {"en": DOCS / "shooting-guide.md", "zh": DOCS / "shooting-guide.zh-CN.md"}
READING = json.loads(READING_PATH.read_text(encoding="utf-8"))
# Sounds that only the other language has.
FOREIGN = {
    "en": {"hush_palatal", "hush_retroflex", "apical", "ue"},
    "zh": {"hush", "r", "er", "tongue_between_teeth"},
}


def make_face(yaw=0.0, pitch=0.0, lips=(0.0, 40.0), **shapes):
    """A face with a lip gap and a mouth width, its eyes 100 pixels apart."""
    landmarks = np.zeros((478, 3), "float32")
    landmarks[33, 0], landmarks[263, 0] = -50.0, 50.0
    landmarks[14, 1] = lips[0]
    landmarks[61, 0], landmarks[291, 0] = -lips[1] / 2, lips[1] / 2
    blendshapes = np.zeros(len(SHAPE_NAMES), "float32")
    for name, value in shapes.items():
        for side in ("Left", "Right", ""):
            if name + side in SHAPE_NAMES:
                blendshapes[SHAPE_NAMES.index(name + side)] = value
    yaw, pitch = np.radians([yaw, pitch])
    return Face(landmarks, blendshapes, yaw, pitch, 0.0, 1.0)


def cover(*faces, repeat=4):
    """Coverage by name, each face seen a few times, between resting ones."""
    faces = [make_face()] * 40 + [face for face in faces for _ in range(repeat)]
    items = measure_coverage(faces, np.arange(len(faces)) / 10.0)
    return {item.name: item for item in items}


def test_nothing_seen_is_nothing_covered():
    for item in measure_coverage([], []):
        assert item.score == 0.0
        assert item.missing == list(item.parts)
        assert item.advice


def test_a_still_face_lacks_variety():
    for item in cover().values():
        assert not item.is_covered, item.name


def test_once_is_chance():
    seen = cover(make_face(jawOpen=0.8), repeat=1)
    assert "wide open" in seen["jaw"].missing
    assert "wide open" not in cover(make_face(jawOpen=0.8))["jaw"].missing


def test_poses_fill_their_cells():
    poses = np.array(
        [[yaw, pitch] for pitch in (-9, 0, 9) for yaw in (-25, -9, 0, 9, 25)]
    )
    np.testing.assert_array_equal(place_poses(poses), np.arange(15))
    item = cover(*(make_face(yaw, pitch) for yaw, pitch in poses))["poses"]
    assert item.score == 1.0
    assert list(item.parts)[: len(YAW_NAMES)][0] == "down, far left"


def test_poses_count_from_the_usual_one():
    faces = [make_face(15.0, -12.0)] * 20 + [make_face(40.0, -12.0)] * 4
    (item,) = [i for i in measure_coverage(faces, np.arange(24.0)) if i.name == "poses"]
    seen = [name for name, is_seen in item.parts.items() if is_seen]
    assert seen == ["level, ahead", "level, far right"]


@pytest.mark.parametrize(
    ("item", "part", "shapes"),
    [
        ("jaw", "half open", {"jawOpen": 0.3}),
        ("blink", "shut", {"eyeBlink": 0.8}),
        ("gaze", "up", {"eyeLookUp": 0.3}),
        ("gaze", "down", {"eyeLookDown": 0.5}),
        ("gaze", "left", {"eyeLookOutLeft": 0.6, "eyeLookInRight": 0.6}),
        ("gaze", "right", {"eyeLookInLeft": 0.6, "eyeLookOutRight": 0.6}),
        ("brows", "raised", {"browInnerUp": 0.6, "browOuterUp": 0.6}),
        ("brows", "drawn together", {"browDown": 0.4}),
        ("smile", "slight", {"mouthSmile": 0.3}),
        ("smile", "wide", {"mouthSmile": 0.8}),
    ],
)
def test_a_part_is_seen_when_it_is_shown(item, part, shapes):
    assert not cover()[item].parts[part]
    assert cover(make_face(**shapes))[item].parts[part]


def test_blinks_are_counted():
    shut, open_ = make_face(eyeBlink=0.9), make_face()
    assert cover(*[shut, open_] * 3, repeat=1)["blink"].missing == ["6 blinks"]
    assert cover(*[shut, open_] * 6, repeat=1)["blink"].score == 1.0


def test_long_shut_lips_are_rest_and_short_ones_a_sound():
    talking = [make_face(lips=(gap, 40.0)) for gap in (0.0, 8.0) * 20]
    items = measure_coverage(talking, np.arange(40) / 10.0)
    lips = next(item for item in items if item.name == "lip shapes")
    assert lips.parts["shut"]
    assert not lips.parts["at rest"]
    assert cover()["lip shapes"].parts["at rest"]


def test_every_viseme_has_one_lip_shape():
    listed = [name for names in LIP_SHAPES.values() for name in names]
    assert sorted(listed) == sorted(VisemeTable().shapes)


@pytest.mark.parametrize("name", ["adam", "mei"])
def test_nearly_all_drawn_visemes_are_told_apart(name):
    table, tracker = VisemeTable(), FaceTracker()
    names = ["rest"] * 8 + list(table.shapes)
    controls = np.stack([table.shapes[viseme] for viseme in names])
    sealed = names.index("lips_meet")
    controls[sealed, ctl.INDEX["mouthClose"]] = controls[sealed, ctl.INDEX["jawOpen"]]
    points = []
    for picture in draw_presenter(controls[7:], size=384, name=name):
        image = composite(picture, (120, 120, 120))
        tracker(image)
        points.append(tracker(image).landmarks)
    points = np.array(points[:1] * 16 + points)
    places = place_lips(points, np.zeros((len(points), 2)))[17:]
    expected = {viseme: key for key, group in LIP_SHAPES.items() for viseme in group}
    found = [list(LIP_SHAPES)[place] for place in places]
    wrong = [
        (viseme, shape)
        for viseme, shape in zip(names[8:], found, strict=True)
        if viseme != "rest" and shape != expected[viseme]
    ]
    assert len(wrong) <= 2, wrong


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_guide_holds_the_text_to_read(language):
    guide = GUIDES[language].read_text(encoding="utf-8")
    for line in READING[language]:
        assert line in guide


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_text_to_read_shows_all_shapes_of_its_language(language):
    table = VisemeTable()
    spoken = spoken_visemes(READING[language], language)
    assert set(table.shapes) - spoken <= FOREIGN[language] | {"rest"}


def test_both_texts_and_silence_show_all_shapes():
    spoken = {"rest"} if READING["silence_seconds"] >= 2 else set()
    for language in ("en", "zh"):
        spoken |= spoken_visemes(READING[language], language)
    assert spoken == set(VisemeTable().shapes)


def spoken_visemes(lines, language):
    """The visemes that espeak-ng's phonemes of some lines have."""
    pytest.importorskip("espeakng_loader")
    from keras_anchor.drive.speaking import speak

    table = VisemeTable()
    phonemes = [phoneme for line in lines for phoneme in speak(line, language).phonemes]
    return {name for phoneme in phonemes for name in table.split(phoneme.symbol)}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seconds", [30.0, 90.0])
def test_prompts_fit_the_time(language, seconds):
    prompts = read_prompts(language, seconds)
    starts = [start for start, _ in prompts]
    assert starts[0] == 0.0
    assert np.all(np.diff(starts) > 0.5)
    assert starts[-1] < seconds
    assert [text for _, text in prompts[1:]] == READING[language]
