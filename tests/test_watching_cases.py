"""How the page moves a tracked face onto an anchor, replayed by vitest.

The file holds what was asked and what Python answers. When the answers change on
purpose, `python tests/test_watching_cases.py` writes them again.
"""

import json
from pathlib import Path

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.data.capture.fit_face import FaceFit, fit_controls
from keras_anchor.data.capture.head import HEAD_JOINT, NECK_JOINT, Head
from keras_anchor.data.capture.tracking import FACE_SHARE
from keras_anchor.data.faces import NAMES, canonical_face
from keras_anchor.data.landmarks import OVAL
from keras_anchor.drive.retarget import bend, bend_lids
from keras_anchor.face_model import rotation

PATH = Path(__file__).parents[1] / "web_demo" / "src" / "watching" / "cases.json"
POSE = "headYaw", "headPitch", "headRoll", "headX", "headY", "headScale"
# The tracker's matrix has y up.
UPRIGHT = np.diag([1.0, -1.0, 1.0])
NUM_POSES = 5


def answer_all():
    rng = np.random.default_rng(0)
    return {
        "bends": [answer_bend(*row) for row in ask_bends()],
        "lids": [answer_lids(*row) for row in ask_lids()],
        "poses": [answer_pose(rng) for _ in range(NUM_POSES)],
        "mirrored": answer_mirror(rng),
    }


def ask_bends():
    shares = np.linspace(0.0, 1.5, 7)
    for reach, high, max_gain in [(0.9, 0.4, 1.2), (0.3, 0.8, 1.2), (0.3, 0.25, 1.0)]:
        yield from ((share * reach, reach, high, max_gain) for share in shares)


def answer_bend(*arguments):
    return {
        "arguments": arguments,
        "value": float(bend(np.float64(arguments[0]), *arguments[1:])),
    }


def ask_lids():
    shares = np.linspace(0.0, 1.5, 7)
    for closure, high in [(0.4, 0.95), (0.8, 0.6)]:
        yield from ((share * closure, closure, high) for share in shares)


def answer_lids(*arguments):
    value = bend_lids(np.float64(arguments[0]), *arguments[1:])
    return {"arguments": arguments, "value": float(value)}


def answer_pose(rng):
    """The tracker's matrices of a head at rest and now, and its controls in Python."""
    half_frame = np.ptp(canonical_face()[0][list(OVAL), 0]) / FACE_SHARE / 2.0
    neck, head = np.array(NECK_JOINT) / half_frame, np.array(HEAD_JOINT) / half_frame
    usual_turn = rotation(*rng.uniform(-0.2, 0.2, 3))
    turn = rotation(*rng.uniform(-0.3, 0.3, 3))
    # Near enough to each other that no control is clipped.
    usual = np.array([*rng.uniform(-2.0, 2.0, 2), -rng.uniform(40.0, 50.0)])
    now = np.array([*rng.uniform(-2.0, 2.0, 2), -rng.uniform(40.0, 50.0)])
    scale = usual[2] / now[2]
    shift = (scale * now - usual) * (1.0, 1.0, 0.0) / half_frame
    moved = Head(
        rest=None,
        joints=np.stack([neck, head]),
        turns=turn[None],
        scales=np.array([scale]),
        places=(head + shift)[None],
    )
    fit = FaceFit(None, None, np.zeros((1, len(NAMES))), moved)
    controls = fit_controls(fit, np.zeros((1, 3)))[0]
    return {
        "rest": tracked_matrix(usual_turn, usual),
        "now": tracked_matrix(turn @ usual_turn, now),
        "controls": {name: float(controls[ctl.INDEX[name]]) for name in POSE},
    }


def tracked_matrix(turn, place):
    """4 x 4, column by column, of a head whose joint is at a place in centimetres."""
    matrix = np.eye(4)
    matrix[:3, :3] = UPRIGHT @ turn @ UPRIGHT
    matrix[:3, 3] = UPRIGHT @ (place - turn @ np.array(HEAD_JOINT))
    return matrix.T.ravel().tolist()


def answer_mirror(rng):
    controls = rng.uniform(-1.0, 1.0, len(ctl.NAMES)).astype("float32")
    named = (controls, ctl.mirror(controls))
    seen, mirrored = (
        {n: float(v) for n, v in zip(ctl.NAMES, row, strict=True)} for row in named
    )
    return {"seen": seen, "mirrored": mirrored}


def text_of(cases):
    return json.dumps(cases, indent=1) + "\n"


def test_the_cases_are_what_python_answers():
    written, answered = json.loads(PATH.read_text()), answer_all()
    remedy = "Write it again with `python tests/test_watching_cases.py`."
    assert written.keys() == answered.keys()
    for name in answered:
        one, two = (numbers_of(cases[name]) for cases in (written, answered))
        np.testing.assert_allclose(one, two, atol=1e-6, err_msg=remedy)


def numbers_of(case):
    """All numbers in it, in order."""
    if isinstance(case, dict):
        case = [case[key] for key in sorted(case)]
    if isinstance(case, (list, tuple)):
        return [number for part in case for number in numbers_of(part)]
    return [case]


if __name__ == "__main__":
    PATH.write_text(text_of(answer_all()))
