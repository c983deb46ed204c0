"""Teeth and tongue of the built-in presenter, for faces that hide theirs."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.data.presenters.presenter import Canvas, Presenter
from keras_anchor.frames import resize

PATH = Path(__file__).parents[2] / "assets" / "presenters" / "mouth_interior.png"
PRESENTER = "adam"
# Left, top, right, bottom around the teeth of the presenter at rest, in half frames.
BOX = np.array([-0.2, 0.04, 0.2, 0.44])
RENDER_SIZE = 1536
PICTURE_SIZE = 192
# What moves further than this with the jaw belongs to it, in half frames.
MIN_JAW_MOTION = 0.06
# Above and below, the teeth are gums; the presenter's texture has them grey.
GUM_LINES = 0.147, 0.226
# Where the mesh goes on to the throat.
THROAT_LINES, THROAT_FADE = (0.194, 0.154), (0.01, 0.035)
GUM_COLOUR = np.array([0.78, 0.46, 0.45])
BRIGHTNESS = np.array([1.22, 1.17, 1.07])


@cache
def mouth_interior():
    """Upper teeth, and lower teeth with the tongue, as the presenter has them.

    Returns:
        Two pictures `(192, 192, 4)`, uint8 RGBA, that fill `BOX` at rest.
    """
    pixels = cv2.imread(str(PATH), cv2.IMREAD_UNCHANGED)
    upper, lower = np.split(cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA), 2, axis=1)
    return upper, lower


def draw_interior():
    """Renders what `mouth_interior` reads; written to `PATH` once."""
    canvas = Canvas(Presenter(PRESENTER), RENDER_SIZE)
    return np.concatenate([draw_jaw(canvas, is_lower) for is_lower in (0, 1)], 1)


def draw_jaw(canvas, is_lower):
    presenter = canvas.presenter
    positions = presenter.positions(ctl.NEUTRAL)
    jaw = np.abs(presenter.rig.offsets[ctl.INDEX["jawOpen"], :, 1]) > MIN_JAW_MOTION
    teeth, tongue = presenter.spans["teeth"], presenter.spans["tongue"]
    is_drawn = np.zeros(len(positions), bool)
    is_drawn[teeth] = jaw[teeth] == bool(is_lower)
    if is_lower:
        is_drawn[tongue] = True
    # Meshes without extent are not drawn. Depth is measured from the skin's lips.
    front = positions[teeth, 2].max()
    positions[~is_drawn] = 0.0, 0.0, front
    pixels = canvas.draw(positions)
    left, top, right, bottom = np.rint((BOX + 1.0) * RENDER_SIZE / 2.0).astype(int)
    pixels = pixels[top:bottom, left:right]
    alpha = np.maximum(pixels[..., 3:], 1e-3)
    colour = np.clip(BRIGHTNESS * pixels[..., :3] / alpha, 0.0, 1.0)
    ys = np.linspace(BOX[1], BOX[3], pixels.shape[0])[:, None]
    xs = np.linspace(BOX[0], BOX[2], pixels.shape[1])[None]
    side = 1.0 if is_lower else -1.0
    gums = np.clip(side * (ys - GUM_LINES[is_lower]) / 0.02 + 0.5, 0.0, 1.0)[..., None]
    light = colour.mean(-1, keepdims=True) * 1.25
    is_grey = np.ptp(colour, axis=-1, keepdims=True) < 0.2
    colour = colour + (light * GUM_COLOUR - colour) * gums * is_grey
    # Cheeks and lips shade the molars.
    colour = colour * np.clip(1.1 - (xs / 0.19) ** 2, 0.2, 1.0)[..., None]
    seen = np.clip(
        side * (ys - THROAT_LINES[is_lower]) / THROAT_FADE[is_lower], 0.0, 1.0
    )
    pixels[..., 3] *= seen
    pixels = np.concatenate([colour, pixels[..., 3:]], -1)
    return resize(np.rint(255.0 * np.clip(pixels, 0, 1)).astype("uint8"), PICTURE_SIZE)
