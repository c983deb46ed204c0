"""How the page mixes and writes performances, as cases that vitest replays.

The files hold what was asked and what Python answers. When the answers change on
purpose, `python tests/test_page_mixing.py` writes them again.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.drive.performing import combine
from keras_anchor.performance import Performance, read_performance, write_performance

CASES = Path(__file__).parents[1] / "web_demo" / "src" / "cases"
REMEDY = "Write it again with `python tests/test_page_mixing.py`."


def answer_mixing():
    """Persons and mouths, and what they are together."""
    random = np.random.default_rng(0)
    cases = []
    for share in (0.0, 0.04, 0.3, 1.0):
        person = random.uniform(ctl.LOW, ctl.HIGH).round(3)
        mouth = (share * random.uniform(0, 1, len(ctl.NAMES))).round(3)
        mouth[[name.startswith(("head", "torso")) for name in ctl.NAMES]] = 0.0
        both = combine(person[None], mouth[None])[0]
        cases.append([name_values(values) for values in (person, mouth, both)])
    return [dict(zip(("person", "mouth", "both"), case, strict=True)) for case in cases]


def name_values(values):
    pairs = zip(ctl.NAMES, values.tolist(), strict=True)
    return {name: round(value, 6) for name, value in pairs if value}


def answer_performances():
    """Performances and their CSV."""
    random = np.random.default_rng(1)
    cases = []
    for fps, num_frames in ((25, 3), (29.97, 2), (60, 2)):
        controls = random.uniform(ctl.LOW, ctl.HIGH, (num_frames, len(ctl.NAMES)))
        controls[0, :4] = [0.0, 1.0, 1e-5, 0.000123456]
        controls = controls.astype("float32")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "performance.csv")
            write_performance(path, Performance(controls, fps))
            text = path.read_bytes().decode()
            read = read_performance(path)
        rows = controls.astype("float64").tolist()
        cases.append({"fps": fps, "read_fps": read.fps, "controls": rows, "csv": text})
    return cases


ANSWERS = {"mixing.json": answer_mixing, "performances.json": answer_performances}


def test_the_page_is_asked_for_the_mixtures_that_python_makes():
    cases = json.loads((CASES / "mixing.json").read_text(encoding="utf-8"))
    for case, answer in zip(cases, answer_mixing(), strict=True):
        for key in answer:
            np.testing.assert_allclose(
                ctl.pack(case[key]), ctl.pack(answer[key]), atol=1e-5, err_msg=REMEDY
            )


def test_the_page_is_asked_for_the_csv_that_python_writes():
    cases = json.loads((CASES / "performances.json").read_text(encoding="utf-8"))
    assert cases == answer_performances(), REMEDY


if __name__ == "__main__":
    for name, answer in ANSWERS.items():
        text = json.dumps(answer(), separators=(",", ":"))
        (CASES / name).write_text(text + "\n", encoding="utf-8")
        sys.stdout.write(f"{CASES / name}: {len(text) / 1024:.0f} KiB\n")
