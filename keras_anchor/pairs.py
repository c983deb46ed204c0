"""Pictures of held-out frames beside generated ones, for a report's reader to judge."""

import shutil
from pathlib import Path

import cv2
import numpy as np

from keras_anchor.files import write_json
from keras_anchor.frames import composite, middles
from keras_anchor.metrics import MID_GREY, cut_boxes

NUM_PAIRS, NUM_FACES = 8, 3
GAP = 8
FACE_QUALITY = 92
QUALITIES = (94, 88, 80, 70, 55)
# Half as much again once a report holds them as text.
MAX_BYTES = 360_000


def write_pairs(folder, face_model, controls, frames, truth):
    """Writes JPEG files of two frames each and `pairs.json`, anew.

    `pair-0.jpg` and so on show a whole true and a whole generated frame, in an order
    that `pairs.json` tells: `{"truth": ["left", "right", ...]}`. `face-0.jpg` and so on
    show the face of the true frame at the left. The frames are evenly spaced, not
    chosen; the whole ones together stay under 400 kB.

    Args:
        folder: What lies there is replaced.
        controls: `(n, 62)` of the frames.
        frames, truth: uint8 `(n, size, size, 3 or 4)`.
    """
    folder = Path(folder)
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    some = middles(len(frames), NUM_PAIRS)
    sides = draw_sides(frames[some])
    pairs = [
        join(truth[index], frames[index], is_left)
        for index, is_left in zip(some, sides, strict=True)
    ]
    for index, data in enumerate(encode_all(pairs)):
        (part / f"pair-{index}.jpg").write_bytes(data)
    few = middles(len(frames), NUM_FACES)
    boxes = [
        cut_boxes(face_model, "face", controls[few], both[few])
        for both in (truth, frames)
    ]
    for index, (real, drawn) in enumerate(zip(*boxes, strict=True)):
        data = encode(join(real, drawn), FACE_QUALITY)
        (part / f"face-{index}.jpg").write_bytes(data)
    names = ["left" if is_left else "right" for is_left in sides]
    write_json(part / "pairs.json", {"truth": names})
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)


def draw_sides(frames):
    """Booleans that repeat with the same frames and cannot be guessed."""
    seed = np.frombuffer(frames.tobytes(), "uint8").sum(dtype="uint64")
    return np.random.default_rng(int(seed)).integers(0, 2, len(frames)) == 0


def join(truth, frame, is_truth_left=True):
    """RGB of two uint8 pictures side by side, a gap between them."""
    left, right = (truth, frame) if is_truth_left else (frame, truth)
    gap = np.full((len(truth), GAP, 3), MID_GREY, "uint8")
    left, right = (composite(picture, MID_GREY) for picture in (left, right))
    return np.concatenate([left, gap, right], 1)


def encode_all(pictures):
    """JPEG files in the best quality that keeps them under `MAX_BYTES` together."""
    for quality in QUALITIES:
        files = [encode(picture, quality) for picture in pictures]
        if sum(map(len, files)) <= MAX_BYTES:
            break
    return files


def encode(picture, quality):
    """A JPEG file of uint8 RGB, its colour as sharp as its light."""
    settings = (
        cv2.IMWRITE_JPEG_QUALITY,
        quality,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    )
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, settings)[1].tobytes()
