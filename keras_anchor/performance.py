"""A performance: controls over time, with the sound they go with."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.files import writing

MIN_FPS, MAX_FPS = 1, 240


@dataclass
class Performance:
    """What a driver makes and a renderer plays.

    Args:
        controls: `(num_frames, 62)` float32.
        fps: Frames a second.
        sound: Mono `(num_samples,)` float32 in `[-1, 1]`, or None.
        sample_rate: Samples a second, where there is sound.
    """

    controls: np.ndarray
    fps: float
    sound: np.ndarray | None = None
    sample_rate: int = 0

    @property
    def seconds(self):
        return len(self.controls) / self.fps


def write_performance(path, performance):
    """Writes CSV: a header `seconds, <62 control names>`, one row a frame."""
    with writing(path) as part, part.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["seconds", *ctl.NAMES])
        for index, row in enumerate(performance.controls):
            seconds = f"{index / performance.fps:.4f}"
            writer.writerow([seconds, *(f"{value:.5g}" for value in row)])


def read_performance(path, fps=None):
    """Reads a CSV with a header of control names, in any order.

    Names may start with a capital, and the columns that Live Link Face adds
    (`Timecode`, `BlendShapeCount`, eye rotations) are skipped, so its recordings
    load as they are.

    Args:
        fps: Frames a second; by default from the column `seconds`, else 60, which is
            what Live Link Face records.

    Raises:
        ValueError: For a column that is unknown or there twice, a number that is none,
            no rows, or less than 1 or more than 240 frames a second.
    """
    path = Path(path)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.reader(file) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(
            f"{path} is no CSV ({error}). Expected text: control names, then one row "
            "of numbers a frame."
        ) from None
    if len(rows) < 2:
        raise ValueError(f"{path} has no rows: expected a header and one row a frame.")
    header = [name.strip() for name in rows[0]]
    names = [name[:1].lower() + name[1:] for name in header]
    is_eye = [name.startswith(("leftEye", "rightEye")) for name in names]
    skipped = {"timecode", "blendShapeCount", "blendshapeCount", "seconds"}
    columns = [
        index
        for index, name in enumerate(names)
        if name not in skipped and not is_eye[index]
    ]
    if unknown := [header[i] for i in columns if names[i] not in ctl.INDEX]:
        raise ValueError(
            f"{path} has unknown controls {unknown}. Known: {list(ctl.NAMES)}."
        )
    if twice := sorted({header[i] for i in columns if names.count(names[i]) > 1}):
        raise ValueError(f"{path} has more than one column of the controls {twice}.")
    try:
        values = [[float(row[i]) for i in columns] for row in rows[1:]]
        seconds = (
            [float(row[names.index("seconds")]) for row in rows[1:]]
            if "seconds" in names
            else None
        )
    except (ValueError, IndexError) as error:
        raise ValueError(f"{path} holds a row that is not numbers: {error}.") from None
    if not np.isfinite(values).all():
        raise ValueError(f"{path} holds numbers that are not finite.")
    if fps is None:
        fps = 60.0
        if seconds and len(seconds) > 1 and seconds[-1] > seconds[0]:
            fps = (len(seconds) - 1) / (seconds[-1] - seconds[0])
            fps = round(fps, 2) if abs(fps - round(fps)) > 0.01 else float(round(fps))
    check_fps(fps, f" in {path}")
    controls = ctl.reorder(np.array(values), [names[i] for i in columns])
    return Performance(ctl.clip(controls), fps)


def check_fps(fps, source=""):
    """Raises `ValueError` for frames a second that no film has."""
    if not MIN_FPS <= fps <= MAX_FPS:
        raise ValueError(
            f"Expected {MIN_FPS} to {MAX_FPS} frames a second{source}, received "
            f"{fps:g}."
        )
