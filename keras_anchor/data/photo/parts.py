"""A photo's face as layers: skin, lips, mouth interior, eyeballs and lids."""

from dataclasses import dataclass

import cv2
import numpy as np

from keras_anchor.data.landmarks import OVAL
from keras_anchor.data.photo.fields import Fields
from keras_anchor.data.photo.masks import centres, from_pixels, ramp, rows_of
from keras_anchor.data.photo.motion import (
    EYES,
    IRISES,
    LIP_CORNERS,
    chin_motion,
    face_width,
)
from keras_anchor.data.photo.pictures import draw_eyes, draw_lids, draw_lips
from keras_anchor.data.photo.teeth import choose_tint, draw_teeth
from keras_anchor.frames import to_float

# Cells of motion for each half frame: of the whole face, of mouth and eyes.
CELLS = {"face": 32, "mouth": 56, "eyes": 56}
CAVITY = np.array([48.0, 17.0, 16.0])
# Around outline, lips and lids, in widths of face, mouth and eye: left, top, right,
# bottom.
MARGINS = {
    "face": (0.3, 0.25, 0.3, 0.5),
    "mouth": (0.4, 0.3, 0.4, 0.35),
    "eyes": (0.7, 0.55, 0.7, 0.5),
}
# How far the generic jaw drops at most, in half frames.
MAX_DROP = 0.2
WINDOWS = {
    "face": "face",
    "upper_teeth": "mouth",
    "lower_teeth": "mouth",
    "lower_lip": "mouth",
    "upper_lip": "mouth",
    "eyes": "eyes",
    "lower_lid": "eyes",
    "upper_lid": "eyes",
}


@dataclass
class Part:
    """A picture, and how it moves.

    Args:
        picture: `(height, width, channels)`; colour in `[-1, 1]`, then masks in
            `[0, 1]`.
        motion: `(53, rows, columns, 2)` in half frames, for the 52 blendshapes and at
            rest.
    """

    picture: np.ndarray
    motion: np.ndarray


@dataclass
class Parts:
    """Everything that moves in a photo's face, back to front.

    Args:
        boxes: `{"face", "mouth", "eyes"}`: left, top, right, bottom in pixels.
        face: RGBA.
        upper_teeth, lower_teeth: RGB and how much they cover.
        lower_lip, upper_lip: RGB, how much they cover, where they open the mouth,
            how much light they let in.
        eyes: RGB and where they may be seen.
        lower_lid, upper_lid: RGB and how much they cover.
        cavity: `(3,)` colour of the throat in `[-1, 1]`.
    """

    boxes: dict
    face: Part
    upper_teeth: Part
    lower_teeth: Part
    lower_lip: Part
    upper_lip: Part
    eyes: Part
    lower_lid: Part
    upper_lid: Part
    cavity: np.ndarray


def split_photo(photo, motions):
    """The `Parts` of a `Photo`, given its `Motions`."""
    size, still = len(photo.pixels), to_float(photo.pixels)
    boxes = choose_boxes(motions, size)
    fields = Fields(motions, from_pixels(boxes["face"], size))
    grids = {name: cells_of(name, box, size) for name, box in boxes.items()}
    base = {name: fields.base(grid.reshape(-1, 2)) for name, grid in grids.items()}

    def on_grid(name, values):
        return values.reshape(*grids[name].shape[:2], 53, 2).transpose(2, 0, 1, 3)

    parts = {
        "face": Part(still[rows_of(boxes["face"])], on_grid("face", base["face"])),
        "eyes": Part(
            draw_eyes(motions, still, boxes["eyes"]), move_gaze(motions, grids["eyes"])
        ),
    }
    pictures = draw_lips(motions, still, boxes["mouth"])
    pictures |= draw_lids(motions, still, boxes["eyes"])
    for name, (picture, share) in pictures.items():
        window = WINDOWS[name]
        solve = fields.lid if window == "eyes" else fields.lip
        grid, calm = grids[window], base[window]
        own = solve(grid.reshape(-1, 2), name.startswith("lower"))
        share = cv2.resize(share, grid.shape[1::-1], interpolation=cv2.INTER_AREA)
        own = calm + share.reshape(-1, 1, 1) * (own - calm)
        parts[name] = Part(picture, on_grid(window, own))
    tint = choose_tint(photo.pixels, motions.points)
    upper, lower = draw_teeth(motions, still, boxes["mouth"], tint)
    unmoved = np.zeros((53, 2, 2, 2))
    parts["upper_teeth"] = Part(upper, unmoved)
    parts["lower_teeth"] = Part(lower, unmoved + chin_motion(motions)[:, None, None])
    return Parts(boxes=boxes, cavity=to_float(tint(CAVITY)), **parts)


def cells_of(name, box, size):
    """`(rows, columns, 2)` where the motion of a window is known, in half frames."""
    left, top, right, bottom = box = from_pixels(box, size)
    columns, rows = (
        max(4, round(length * CELLS[name])) for length in (right - left, bottom - top)
    )
    return centres(box, rows, columns)


def choose_boxes(motions, size):
    """Windows of the frame, in pixels, in which face, mouth and eyes move."""
    points = motions.points
    corners = points[[eye[end] for eye in EYES.values() for end in (0, 3)]]
    lids = points[[index for eye in EYES.values() for index in (*eye[1], *eye[2])]]
    lips = points[[*LIP_CORNERS, 0, 17]]
    places = {"face": points[list(OVAL)], "mouth": lips, "eyes": lids}
    units = {
        "face": face_width(points),
        "mouth": np.ptp(lips[:, 0]),
        "eyes": np.linalg.norm(corners[0] - corners[1]),
    }
    boxes = {}
    for name, around in places.items():
        margins = units[name] * np.array(MARGINS[name])
        if name == "mouth":
            margins[3] += MAX_DROP * motions.scale
        low = np.clip(around.min(0) - margins[:2], -1.0, 1.0)
        high = np.clip(around.max(0) + margins[2:], -1.0, 1.0)
        low = np.floor((low + 1.0) * size / 2.0).astype(int)
        high = np.ceil((high + 1.0) * size / 2.0).astype(int)
        if name != "face":
            low = np.maximum(low, boxes["face"][:2])
            high = np.minimum(high, boxes["face"][2:])
        boxes[name] = (*low.tolist(), *high.tolist())
    return boxes


def move_gaze(motions, grid):
    """`(53, rows, columns, 2)` how the eyeballs' surface moves."""
    points, values = motions.points, 0.0
    for side in EYES:
        middle, *edge = points[list(IRISES[side])]
        radius = np.linalg.norm(np.array(edge) - middle, axis=-1).mean()
        distance = np.linalg.norm(grid - middle, axis=-1)
        share = ramp(-distance, -3.0 * radius, -1.0 * radius)
        motion = motions.values[list(IRISES[side])].mean(0)
        values = values + share[None, ..., None] * motion[:, None, None]
    return values
