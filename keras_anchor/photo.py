"""One photo becomes an anchor: approximate, and without any training."""

from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import numpy as np
from keras import layers

from keras_anchor import controls as ctl
from keras_anchor.data.photo.motion import transfer_motions
from keras_anchor.data.photo.parts import WINDOWS, split_photo
from keras_anchor.data.photo.pose import fit_pose
from keras_anchor.export import FORMATS, export_anchor
from keras_anchor.export.tfjs import import_converter
from keras_anchor.export.verify import find_node_packages
from keras_anchor.files import write_json
from keras_anchor.frames import to_float
from keras_anchor.generators import build_geometry, inputs
from keras_anchor.layers import Limit
from keras_anchor.photo_layers import LayFace, PartPicture, PartPlaces, TurnStill

# At which head, neck and shoulders turn, along each side of the frame.
NUM_CELLS = 48
FPS = 25.0
APPROXIMATION = (
    "Made of one photo, without training. How this face moves, its shut eyes and what "
    "its mouth hides in the photo are a generic face's, fitted to it."
)
# What one photo bears: beyond, the guessed depth and hidden sides show.
LIMITS = {
    "headYaw": 0.30,
    "headPitch": 0.20,
    "headRoll": 0.30,
    "headScale": 0.20,
    "torsoRoll": 0.15,
    "tongueOut": 0.0,
}
# Of the photo's own turn and the asked one together: then the nose hides a cheek.
MAX_YAW = 0.45


def make_photo_anchor(photo, anchor_folder, name, formats=None, consent=None):
    """Exports an anchor of one photo, as `export_anchor` does of a run.

    Args:
        photo: `Photo`, from `read_photo`.
        name: Of the anchor.
        formats: Some of `export.FORMATS`; all whose tools are installed by default.
        consent: Entry `consent` of the anchor; None where nothing is known.

    Returns:
        `anchor_folder`, as a `Path`.
    """
    with TemporaryDirectory() as folder:
        write_run(photo, folder, name, consent)
        return export_anchor(
            folder, anchor_folder, name=name, formats=formats or available_formats()
        )


def available_formats():
    """All formats, without TF.js where its converter or Node is missing."""
    try:
        import_converter()
        find_node_packages()
    except (ImportError, ValueError):
        return [name for name in FORMATS if name != "tfjs"]
    return list(FORMATS)


def write_run(photo, folder, name, consent=None):
    """Writes a generator as a run that has ended, which `export_anchor` takes."""
    folder = Path(folder)
    generator = build_photo_generator(photo)
    generator.save(folder / "generator.keras")
    ctl.save_controls(folder)
    config = {
        "preset": "photo",
        "take": name,
        "fps": FPS,
        "approximation": APPROXIMATION,
        "photo": photo.facts,
    }
    if consent:
        config["consent"] = consent
    write_json(folder / "config.json", config)


def build_photo_generator(photo):
    """A generator of one `Photo`, in which nothing is trained.

    The face is laid out of parts that move with the expression, then the whole is
    turned. The motions are linear in the controls; where a pixel comes from is found
    by inverting them.

    Returns:
        Model from `controls` `(batch, 62)` and `noise` `(batch, 1)`, which shows
        nothing, to frames `(batch, size, size, 4)` in `[-1, 1]`.
    """
    still = to_float(photo.pixels)
    motions = transfer_motions(photo)
    parts = split_photo(photo, motions)
    controls, noise = inputs(1)
    # Exporters drop an input that nothing reads.
    tiny = keras.initializers.Constant(1e-6)
    unseen = layers.Dense(len(ctl.NAMES), use_bias=False, kernel_initializer=tiny)(
        noise
    )
    heard = layers.Add()([controls, unseen])
    limited = Limit(*choose_limits(photo), name="limit")(heard)
    drawn = {
        name: draw_part(name, getattr(parts, name), parts.boxes[window], limited, still)
        for name, window in WINDOWS.items()
    }
    lay = LayFace(still.shape, parts.boxes, still, parts.cavity, name="expression")
    face_model = fit_pose(photo, motions, NUM_CELLS)
    points, _ = build_geometry(face_model, ctl.NEUTRAL)(limited)
    frames = TurnStill(NUM_CELLS, name="turn")(points, lay(drawn))
    frames = layers.Activation("linear", dtype="float32", name="frames")(frames)
    return keras.Model([controls, noise], frames, name="generator")


def draw_part(name, part, box, controls, still):
    """A part's picture in its window, moved as controls `(batch, 62)` ask."""
    left, top, right, bottom = box
    # From half frames to halves of the window.
    motion = part.motion * len(still) / np.array([right - left, bottom - top])
    rows, columns = motion.shape[1:3]
    places = PartPlaces(rows, columns, motion, name=f"{name}_places")(controls)
    return PartPicture(part.picture.shape, part.picture, name=name)(places)


def choose_limits(photo):
    """Lowest and highest controls `(62,)` that the photo bears."""
    low, high = ctl.LOW.copy(), ctl.HIGH.copy()
    for name, limit in LIMITS.items():
        index = ctl.INDEX[name]
        low[index], high[index] = max(low[index], -limit), min(high[index], limit)
    yaw = np.deg2rad(photo.facts["yaw_pitch_roll_degrees"][0])
    index = ctl.INDEX["headYaw"]
    low[index] = np.clip(-MAX_YAW - yaw, low[index], 0.0)
    high[index] = np.clip(MAX_YAW - yaw, 0.0, high[index])
    return low, high
