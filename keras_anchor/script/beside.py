"""What is written beside a film: its captions, and the performance as CSV."""

import csv
import itertools

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.files import writing
from keras_anchor.scene.caption_files import write_srt, write_vtt

CAPTION_FILES = {"srt": write_srt, "vtt": write_vtt}


def check_captions(names):
    """Raises `ValueError` for a kind of file that there is none."""
    if unknown := sorted(set(names) - CAPTION_FILES.keys()):
        raise ValueError(
            f"Unknown captions {', '.join(unknown)}. Known: {', '.join(CAPTION_FILES)}."
        )


def write_captions(film, names, rendered):
    """Writes `film.srt` and `film.vtt`, as `names` say."""
    for name in names:
        CAPTION_FILES[name](film.with_suffix(f".{name}"), find_captions(rendered))


def find_captions(rendered):
    """`[(start, end, text), ...]` in seconds of the film."""
    return [
        (item.seconds + start, item.seconds + end, text)
        for item in rendered
        for start, end, text in item.notes["captions"]
    ]


def write_controls(path, rendered, fps):
    """Writes a film's performance as CSV, segment by segment."""
    with writing(path) as part, part.open("w", newline="") as file:
        writer, counter = csv.writer(file), itertools.count()
        writer.writerow(["seconds", *ctl.NAMES])
        for item in rendered:
            for row in np.load(item.controls_path):
                seconds = f"{next(counter) / fps:.4f}"
                writer.writerow([seconds, *(f"{value:.5g}" for value in row)])
