"""A take's frames on disk: JPEG colour and PNG matte in TensorFlow Datasets shards."""

import cv2
import numpy as np

from keras_anchor.controls import NAMES
from keras_anchor.data.ahead import map_ahead
from keras_anchor.frames import composite, resize

SPLITS = ("train", "heldout")
# Quarter-resolution colour (4:2:0) would cost 2 dB more than quality 88 does.
JPEG = (
    *(cv2.IMWRITE_JPEG_QUALITY, 88),
    *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
    *(cv2.IMWRITE_JPEG_OPTIMIZE, 1),
)
PNG = (cv2.IMWRITE_PNG_COMPRESSION, 6)
# Straight colour is noise where alpha is smaller than this.
FAINT_ALPHA = 16
SHARD_FRAMES = 2000
SHEET_ROWS, SHEET_COLUMNS, SHEET_SIZE = 4, 6, 192


def write_frames(folder, frames, controls, is_train):
    """Encodes the frames into TFDS shards; returns a frame's shape and a sheet."""
    num_cells = SHEET_ROWS * SHEET_COLUMNS
    chosen = np.linspace(0, len(controls) - 1, num_cells).round().astype(int)
    writer, cells = None, {}

    def work(frame):
        return frame, encode(frame)

    checked = check_frames(frames, len(controls))
    for index, (frame, encoded) in enumerate(map_ahead(work, zip(checked))):
        if writer is None:
            shape = frame.shape
            writer = open_writer(folder, shape)
        example = {"index": index, "controls": controls[index]} | encoded
        writer.add_examples({SPLITS[0 if is_train[index] else 1]: [example]})
        if index in chosen:
            cells[index] = composite(resize(frame, SHEET_SIZE), (128, 128, 128))
    writer.close_all()
    rows = np.split(np.stack([cells[index] for index in chosen]), SHEET_ROWS)
    return shape, np.concatenate([np.concatenate(list(row), 1) for row in rows], 0)


def check_frames(frames, num_frames):
    """Yields the frames; raises ValueError where one is unlike, missing or too many."""
    shape, count = None, 0
    for index, frame in enumerate(frames):
        shape = shape or check_frame(frame)
        if index == num_frames or frame.shape != shape or frame.dtype != np.uint8:
            raise ValueError(
                f"Expected {num_frames} frames of uint8 {shape}, as many as rows of "
                f"`controls`; received {frame.dtype} {frame.shape} as frame {index}."
            )
        yield frame
        count = index + 1
    if count != num_frames:
        raise ValueError(
            f"Expected {num_frames} frames, as many as rows of `controls`, received "
            f"{count}."
        )


def check_frame(frame):
    height, width, channels = frame.shape
    if height != width or channels not in (3, 4) or frame.dtype != np.uint8:
        raise ValueError(
            "Expected frames of uint8 (size, size, 3 or 4), received "
            f"{frame.dtype} {frame.shape}."
        )
    return frame.shape


def open_writer(folder, shape):
    import tensorflow_datasets as tfds

    size, _, channels = shape
    features = {
        "index": np.int32,
        "controls": tfds.features.Tensor(shape=(len(NAMES),), dtype=np.float32),
        "colour": tfds.features.Image(shape=(size, size, 3), encoding_format="jpeg"),
    }
    if channels == 4:
        matte = tfds.features.Image(shape=(size, size, 1), encoding_format="png")
        features["matte"] = matte
    identity = tfds.core.dataset_info.DatasetIdentity(
        name="take",
        version=tfds.core.Version("1.0.0"),
        data_dir=str(folder),
        module_name=__name__,
    )
    facts = tfds.core.DatasetInfo(
        builder=identity,
        features=tfds.features.FeaturesDict(features),
        description="Frames of one performer and the controls they obey.",
    )
    writer = tfds.core.SequentialWriter(facts, max_examples_per_shard=SHARD_FRAMES)
    writer.initialize_splits(list(SPLITS))
    return writer


def encode(frame):
    """A frame as the bytes of a JPEG and, if it has alpha, a grey PNG."""
    if frame.shape[-1] == 3:
        return {"colour": encode_image(".jpg", frame[..., ::-1], JPEG)}
    return {
        "colour": encode_image(".jpg", fill_hidden(frame)[..., ::-1], JPEG),
        "matte": encode_image(".png", frame[..., 3], PNG),
    }


def encode_image(suffix, image, options):
    return cv2.imencode(suffix, np.ascontiguousarray(image), options)[1].tobytes()


def fill_hidden(frame):
    """Colour `(size, size, 3)` of an RGBA frame, continued smoothly where alpha is 0.

    JPEG would spread a jump at the silhouette into the visible pixels.
    """
    shown = np.minimum(frame[..., 3:] / np.float32(FAINT_ALPHA), 1.0)
    if shown.all():
        return frame[..., :3]
    return np.rint(fill(frame[..., :3], shown)).astype("uint8")


def fill(colour, known):
    """Continues colours to where they are not known: float32 `(size, size, 3)`.

    A pyramid of averages, from a quarter of the frame's size down, fills the holes
    (push-pull).

    Args:
        colour: `(size, size, 3)`.
        known: `(size, size, 1)` float32 in `[0, 1]`.
    """
    size = colour.shape[0]
    colour = colour * known
    side = max(1, size // 4)
    small = shrink(colour, side), shrink(known, side).reshape(side, side, 1)
    levels = [np.concatenate(small, -1)]
    while side > 1:
        side = max(1, side // 2)
        levels.append(shrink(levels[-1], side))
    filled = levels[-1][..., :3] / max(float(levels[-1][0, 0, 3]), 1e-6)
    for level in reversed(levels[:-1]):
        filled = level[..., :3] + (1.0 - level[..., 3:]) * enlarge(filled, len(level))
    filled = enlarge(filled, size)
    filled *= 1.0 - known
    filled += colour
    return filled


def shrink(image, size):
    return cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA)


def enlarge(image, size):
    return cv2.resize(image, (size, size), interpolation=cv2.INTER_LINEAR)
