"""What the page must compute as Python does, written as cases that vitest replays.

The files hold what was asked and what Python answers. When the answers change on
purpose, `python tests/test_page_cases.py` writes them again.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor
from keras_anchor.demo import idle_loop
from keras_anchor.drive.speaking import speak
from keras_anchor.drive.speech import Phoneme
from keras_anchor.drive.visemes import mouth_controls
from keras_anchor.script.parse import ScriptError, parse_script

SOURCES = Path(__file__).parents[1] / "web_demo" / "src"
REMEDY = "Write it again with `python tests/test_page_cases.py`."
SENTENCES = [
    ("Bob's very famous movie moves people today.", "en", 25, 1.0),
    ("The judge should choose four new pure fruits.", "en", 60, 1.0),
    ("We went out. Oh my, how far apart!", "en", 25, 1.4),
    ("各位观众晚上好，欢迎收看。", "zh", 25, 1.0),
    ("明天北方多云，风力不大。", "zh", 25, [0.5, 1.5]),
]
PACKED = [
    {},
    {"jawOpen": 0.25, "headYaw": -0.125},
    {"jawOpen": 3, "mouthPucker": -1, "headPitch": -9, "headRoll": 9, "breath": 2},
    {"eyeBlinkLeft": 0.1, "eyeBlinkRight": 1e-9},
    {"jaw": 1, "jawOpen": 0.5, "sneeze": 0.5},
]
SCRIPTS = [
    "# Evening news\n[mood friendly] Good evening. [pause 0.5] It is warm.\n\n"
    "// nobody\n[look left] Two \\[2\\] lines\nfurther.",
    "大家\n晚上好，\nhello\n世界。[voice zh-female]再见。",
    "Hello [nod] big [pause 0.5] world.[look left]",
    r"See \[2\], C:\temp and \\[nod].",
    "One\n// nobody [hears] this\ntwo.",
    "[lower-third 王芳，主播][lower-third][caption A, b][caption][chapter Now]"
    "[LOOK Left][voice][background #102030] Text.",
    "# One\nText.\n## Two \n\nMore.\n#tag",
    "[voice en][mood sad] A.\n\nB. [mood excited]\n\nC.",
    "[mood sad]\n\nA.\n\nB.\n\n[lower-third]",
    "A.\n\n[pause 2]\n\nB.",
    "[pause 1e0] a [pause .5]b",
    "Good\n evening [paus 1]",
    "[sing] a",
    "🙂 a []",
    "a [nod",
    "a ] b",
    "a [[nod]]",
    "[pause]",
    "[pause 61] a",
    "[pause nan] a",
    "[mood frendly] a",
    "[mood it's] a",
    "[look awaay] a",
    "[look laft] a",
    "[nod twice] a",
    "[lower-third , role] a",
    "[chapter] a",
    f"[caption {'x' * 201}] a",
    "【pause 1】 a",
    "",
    "\n// only this\n",
    "[nod]\n\n[pause 2]",
    "🙂 🎉",
    "A.\n\n# End",
]


def shape_openness(openness, num_frames):
    """One number for all frames, or numbers from a first to a last."""
    return openness if np.ndim(openness) == 0 else np.linspace(*openness, num_frames)


def answer_visemes(case):
    """The case with what Python answers: the controls that move."""
    phonemes = [Phoneme(*phoneme) for phoneme in case["phonemes"]]
    num_frames = case["num_frames"]
    openness = shape_openness(case["openness"], num_frames)
    controls = mouth_controls(phonemes, num_frames, case["fps"], openness)
    moved = np.flatnonzero((controls != ctl.NEUTRAL).any(0))
    return {
        **case,
        "names": [ctl.NAMES[index] for index in moved],
        "controls": shorten(controls[:, moved], 5),
    }


def ask_visemes():
    """Cases as a voice says them; voices may differ from one machine to the next."""
    for text, voice, fps, openness in SENTENCES:
        speech = speak(text, voice).padded(0.3, 0.4)
        phonemes = [
            [round(p.start, 4), round(p.end, 4), p.symbol] for p in speech.phonemes
        ]
        num_frames = int(phonemes[-1][1] * fps)
        yield {
            "text": text,
            "fps": fps,
            "openness": openness,
            "num_frames": num_frames,
            "phonemes": phonemes,
        }


def answer_pack(values):
    pairs = [list(pair) for pair in values.items()]
    if unknown := [name for name in values if name not in ctl.INDEX]:
        return {"values": pairs, "unknown": unknown}
    return {"values": pairs, "vector": ctl.pack(values).tolist()}


def answer_script(text):
    try:
        paragraphs = parse_script(text)
    except ScriptError as error:
        return {"text": text, "error": str(error)}
    answers = [
        {
            "text": paragraph.text,
            "mood": paragraph.state.mood,
            "voice": paragraph.state.voice,
            "line": paragraph.line,
            "cues": [
                [cue.offset, cue.kind, cue.value]
                for cue in paragraph.cues
                if cue.kind in ("pause", "mood", "look", "nod", "voice")
            ],
        }
        for paragraph in paragraphs
    ]
    return {"text": text, "paragraphs": answers}


def shorten(values, decimals):
    """Nested lists of numbers, whole ones without a point."""
    if np.ndim(values):
        return [shorten(value, decimals) for value in values]
    number = round(float(values), decimals)
    return int(number) if number == int(number) else number


def answer_idle():
    loop = idle_loop(load_anchor())
    return {**loop, "controls": shorten(loop["controls"], 4)}


def read(name):
    return json.loads((SOURCES / name).read_text(encoding="utf-8"))


def write(name, value):
    path = SOURCES / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")
    print(f"{path}: {path.stat().st_size / 1024:.0f} KiB")


@pytest.mark.parametrize("index", range(len(SENTENCES)))
def test_the_page_is_asked_for_the_mouths_that_python_makes(index):
    case = read("speech/cases/visemes.json")[index]
    answer = answer_visemes(case)
    assert case["names"] == answer["names"], REMEDY
    np.testing.assert_allclose(
        case["controls"], answer["controls"], atol=2e-5, err_msg=REMEDY
    )


def test_the_page_is_asked_for_the_vectors_that_python_packs():
    assert read("cases/pack.json") == [answer_pack(values) for values in PACKED], REMEDY


def test_the_page_is_asked_for_the_scripts_that_python_reads():
    pytest.importorskip("espeakng_loader")
    cases = read("speech/cases/scripts.json")
    assert cases == [jsonable(answer_script(text)) for text in SCRIPTS], REMEDY


def jsonable(value):
    return json.loads(json.dumps(value))


def test_the_page_idles_as_python_does():
    loop, answer = read("drivers/idle_loop.json"), answer_idle()
    assert loop["fps"] == answer["fps"]
    assert loop["names"] == answer["names"], REMEDY
    np.testing.assert_allclose(
        loop["controls"], answer["controls"], atol=2e-4, err_msg=REMEDY
    )


if __name__ == "__main__":
    write("speech/cases/visemes.json", [answer_visemes(case) for case in ask_visemes()])
    write("speech/cases/scripts.json", [answer_script(text) for text in SCRIPTS])
    write("cases/pack.json", [answer_pack(values) for values in PACKED])
    write("drivers/idle_loop.json", answer_idle())
