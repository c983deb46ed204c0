"""The control vector: what each number means, in which order and range.

This is the only definition. Takes, runs and anchors carry it as `controls.json`;
the page reads that file and holds no names of its own. What they are called in other
languages lies in `assets/control_labels.json`, which the page brings along.
"""

import re
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from keras_anchor.files import read_json, write_json


@dataclass(frozen=True)
class Control:
    """One number the generator obeys, clipped to `[low, high]`."""

    name: str
    low: float = 0.0
    high: float = 1.0
    neutral: float = 0.0
    help: str = ""


# The 52 ARKit blendshapes in Apple's order, which is Live Link Face's too.
# https://developer.apple.com/documentation/arkit/arfaceanchor/blendshapelocation
BLENDSHAPES = (
    Control("eyeBlinkLeft", help="0 open, 1 shut; left is the anchor's own"),
    Control("eyeLookDownLeft", help="gaze of the left eye"),
    Control("eyeLookInLeft", help="gaze toward the nose"),
    Control("eyeLookOutLeft", help="gaze away from the nose"),
    Control("eyeLookUpLeft", help="gaze of the left eye"),
    Control("eyeSquintLeft", help="lower lid raised"),
    Control("eyeWideLeft", help="upper lid raised"),
    Control("eyeBlinkRight", help="0 open, 1 shut"),
    Control("eyeLookDownRight", help="gaze of the right eye"),
    Control("eyeLookInRight", help="gaze toward the nose"),
    Control("eyeLookOutRight", help="gaze away from the nose"),
    Control("eyeLookUpRight", help="gaze of the right eye"),
    Control("eyeSquintRight", help="lower lid raised"),
    Control("eyeWideRight", help="upper lid raised"),
    Control("jawForward", help="chin pushed forward"),
    Control("jawLeft", help="chin to the anchor's left"),
    Control("jawRight", help="chin to the anchor's right"),
    Control("jawOpen", help="0 shut, 1 wide open"),
    Control("mouthClose", help="lips shut over an open jaw"),
    Control("mouthFunnel", help="lips open and rounded"),
    Control("mouthPucker", help="lips shut and rounded"),
    Control("mouthLeft", help="mouth to the anchor's left"),
    Control("mouthRight", help="mouth to the anchor's right"),
    Control("mouthSmileLeft", help="left corner up and out"),
    Control("mouthSmileRight", help="right corner up and out"),
    Control("mouthFrownLeft", help="left corner down"),
    Control("mouthFrownRight", help="right corner down"),
    Control("mouthDimpleLeft", help="left corner back"),
    Control("mouthDimpleRight", help="right corner back"),
    Control("mouthStretchLeft", help="left corner out"),
    Control("mouthStretchRight", help="right corner out"),
    Control("mouthRollLower", help="lower lip rolled in"),
    Control("mouthRollUpper", help="upper lip rolled in"),
    Control("mouthShrugLower", help="lower lip pushed up"),
    Control("mouthShrugUpper", help="upper lip pushed up"),
    Control("mouthPressLeft", help="lips pressed, left half"),
    Control("mouthPressRight", help="lips pressed, right half"),
    Control("mouthLowerDownLeft", help="lower teeth shown, left half"),
    Control("mouthLowerDownRight", help="lower teeth shown, right half"),
    Control("mouthUpperUpLeft", help="upper teeth shown, left half"),
    Control("mouthUpperUpRight", help="upper teeth shown, right half"),
    Control("browDownLeft", help="left brow lowered"),
    Control("browDownRight", help="right brow lowered"),
    Control("browInnerUp", help="inner brows raised"),
    Control("browOuterUpLeft", help="outer left brow raised"),
    Control("browOuterUpRight", help="outer right brow raised"),
    Control("cheekPuff", help="cheeks filled with air"),
    Control("cheekSquintLeft", help="left cheek raised"),
    Control("cheekSquintRight", help="right cheek raised"),
    Control("noseSneerLeft", help="left nostril raised"),
    Control("noseSneerRight", help="right nostril raised"),
    Control("tongueOut", help="tongue between the lips"),
)
POSE = (
    Control("headYaw", -0.7, 0.7, help="radians; nose to the image's right"),
    Control("headPitch", -0.5, 0.5, help="radians; nose up"),
    Control("headRoll", -0.5, 0.5, help="radians; clockwise in the image"),
    Control("headX", -0.2, 0.2, help="crop widths to the image's right"),
    Control("headY", -0.2, 0.2, help="crop widths down the image"),
    Control("headScale", -0.3, 0.3, help="natural logarithm of the head's size"),
    Control("torsoX", -0.2, 0.2, help="shoulders, crop widths to the image's right"),
    Control("torsoY", -0.2, 0.2, help="shoulders, crop widths down the image"),
    Control("torsoRoll", -0.3, 0.3, help="radians; shoulders clockwise in the image"),
    Control("breath", -1.0, 1.0, help="-1 breathed out, 1 breathed in"),
)
CONTROLS = BLENDSHAPES + POSE
NAMES = tuple(control.name for control in CONTROLS)
INDEX = {name: index for index, name in enumerate(NAMES)}
LOW = np.array([control.low for control in CONTROLS], "float32")
HIGH = np.array([control.high for control in CONTROLS], "float32")
NEUTRAL = np.array([control.neutral for control in CONTROLS], "float32")
RANGES = {
    control.name: (control.low, control.neutral, control.high) for control in CONTROLS
}
# Those that a mirror turns around; left and right it exchanges.
MIRRORED = ("headYaw", "headRoll", "headX", "torsoX", "torsoRoll")

EXPRESSIONS = {
    "neutral": {},
    "smile": {
        "mouthSmileLeft": 0.7,
        "mouthSmileRight": 0.7,
        "cheekSquintLeft": 0.4,
        "cheekSquintRight": 0.4,
        "eyeSquintLeft": 0.2,
        "eyeSquintRight": 0.2,
    },
    "laugh": {
        "jawOpen": 0.35,
        "mouthSmileLeft": 0.9,
        "mouthSmileRight": 0.9,
        "mouthUpperUpLeft": 0.3,
        "mouthUpperUpRight": 0.3,
        "cheekSquintLeft": 0.7,
        "cheekSquintRight": 0.7,
        "eyeSquintLeft": 0.4,
        "eyeSquintRight": 0.4,
    },
    "surprise": {
        "jawOpen": 0.4,
        "browInnerUp": 0.8,
        "browOuterUpLeft": 0.7,
        "browOuterUpRight": 0.7,
        "eyeWideLeft": 0.7,
        "eyeWideRight": 0.7,
    },
    "serious": {
        "browDownLeft": 0.4,
        "browDownRight": 0.4,
        "mouthPressLeft": 0.25,
        "mouthPressRight": 0.25,
    },
    "sad": {
        "browInnerUp": 0.7,
        "mouthFrownLeft": 0.6,
        "mouthFrownRight": 0.6,
        "eyeLookDownLeft": 0.3,
        "eyeLookDownRight": 0.3,
        "headPitch": -0.12,
    },
    "wink": {"eyeBlinkLeft": 1.0, "mouthSmileLeft": 0.4, "cheekSquintLeft": 0.3},
    "kiss": {"mouthPucker": 0.9},
}


def check_names(names, source=""):
    """Raises `ValueError` if any of `names` is no control."""
    if unknown := [name for name in names if name not in INDEX]:
        raise ValueError(f"Unknown controls {unknown}{source}. Known: {list(NAMES)}.")


def pack(values):
    """Turns `{name: number}` into a vector `(62,)`, neutral if left out, clipped."""
    check_names(values)
    vector = NEUTRAL.copy()
    for name, value in values.items():
        vector[INDEX[name]] = value
    return clip(vector)


def clip(controls):
    """Limits controls `(..., 62)` to their ranges."""
    return np.clip(controls, LOW, HIGH).astype("float32")


def mirror(controls):
    """Controls `(..., 62)` of the same face in a mirror."""
    sides = {"Left": "Right", "Right": "Left"}
    others = [re.sub("Left|Right", lambda side: sides[side[0]], name) for name in NAMES]
    signs = np.where(np.isin(NAMES, MIRRORED), -1, 1).astype("float32")
    controls = np.asarray(controls, "float32")
    return controls[..., [INDEX[name] for name in others]] * signs


def reorder(controls, names):
    """Matches columns by name: `(..., len(names))` to `(..., 62)`, neutral if absent.

    Raises:
        ValueError: If `names` holds an unknown control.
    """
    check_names(names)
    controls = np.asarray(controls, "float32")
    ordered = np.broadcast_to(NEUTRAL, (*controls.shape[:-1], len(NAMES))).copy()
    ordered[..., [INDEX[name] for name in names]] = controls
    return ordered


def save_controls(folder):
    """Writes `controls.json`, the contract between a model and whoever drives it."""
    schema = {
        "version": 1,
        "controls": [asdict(control) for control in CONTROLS],
        "expressions": EXPRESSIONS,
    }
    write_json(Path(folder, "controls.json"), schema)


def load_names(folder):
    """The control names, in order, that `controls.json` in `folder` lists.

    Raises:
        ValueError: If the file is missing, damaged, or names a control this version
            lacks.
    """
    path = Path(folder, "controls.json")
    if not path.exists():
        raise ValueError(
            f"{path} is missing, so nobody knows what the numbers in {folder} mean. "
            "Make the folder again with `keras-anchor`."
        )
    try:
        names = [control["name"] for control in read_json(path)["controls"]]
    except (KeyError, TypeError) as error:
        raise ValueError(
            f"{path} is damaged ({error!r}). Make the folder again with `keras-anchor`."
        ) from None
    check_names(names, f" in {path}; a newer keras-anchor may know them")
    return names
