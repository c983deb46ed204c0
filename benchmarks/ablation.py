"""What each choice in training brings: one run for each variant, one table of all.

    python benchmarks/ablation.py takes/adam --to out/ablation --minutes 5

Variants are trained one after the other, for the same time. The same again goes on
where it stopped, and leaves alone what is done.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from keras_anchor.data.takes import Take
from keras_anchor.files import read_json, write_json
from keras_anchor.frames import composite, write_picture
from keras_anchor.measure import generate, measure, sized
from keras_anchor.metrics import MID_GREY, cut_boxes
from keras_anchor.pairs import middles
from keras_anchor.runs import load_generator
from keras_anchor.train import train

# Name to keyword arguments of `keras_anchor.train.train`.
VARIANTS = {
    "default": {},
    "without_adversarial": {"is_adversarial": False},
    "without_codes": {"has_codes": False},
    "cold": {"is_warm": False},
}
BOXES = ("face", "mouth", "eyes")
NUM_PICTURES = 8
LABEL_HEIGHT = 24


def compare(take_folder, folder, variants, **settings):
    """Trains and measures all variants, and writes what came out.

    Args:
        folder: Gets a run for each variant, `table.md` and `strips.png`.
        variants: `{name: keyword arguments of train}`.
        settings: Keyword arguments of `train` that all variants share.

    Returns:
        The table, Markdown.

    Raises:
        ValueError: If a variant was begun with other settings.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, own in variants.items():
        print(f"== {name}", flush=True)
        run_variant(take_folder, folder / name, settings | own)
    table = write_table({name: read_row(folder / name) for name in variants})
    (folder / "table.md").write_text(table, encoding="utf-8")
    strips = draw_strips(Take(take_folder), {name: folder / name for name in variants})
    write_picture(folder / "strips.png", strips)
    return table


def run_variant(take_folder, folder, settings):
    """Trains and measures one variant, unless that is done."""
    path = folder.with_suffix(".json")
    if path.exists() and read_json(path) != settings:
        raise ValueError(
            f"{folder} was begun with {read_json(path)}, not {settings}. Give the "
            "variant another name, or remove both."
        )
    write_json(path, settings)
    if not (folder / "metrics.json").exists():
        train(take_folder, folder, **settings)
        measure(folder, take_folder)


def read_row(folder):
    """The figures of a run that was measured, by column."""
    metrics = read_json(folder / "metrics.json")
    boxes = metrics["boxes"]
    row = {
        f"{box} {score}": boxes[box][score]
        for score in ("psnr", "sharpness")
        for box in BOXES
    }
    return row | {"points error": metrics["points_error_pixels"]}


def write_table(rows):
    """A Markdown table of `{variant: {column: number or None}}`."""
    columns = list(next(iter(rows.values())))
    lines = [
        ["variant", *columns],
        ["---"] + ["---:"] * len(columns),
        *([name, *map(show_number, row.values())] for name, row in rows.items()),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def show_number(value):
    return "–" if value is None else f"{value:.2f}"


def draw_strips(take, runs):
    """RGB: faces of held-out frames, under the truth a strip for each run.

    Args:
        runs: `{label: run folder}`.
    """
    generators = {name: load_generator(folder) for name, folder in runs.items()}
    size = next(iter(generators.values())).output_shape[1]
    truth, controls = sized(take.arrays("heldout"), size)
    some = middles(len(truth), NUM_PICTURES)
    rows = {"truth": truth[some]} | {
        name: generate(generator, controls[some])
        for name, generator in generators.items()
    }
    strips = [
        draw_strip(name, cut_boxes(take.face_model, "face", controls[some], frames))
        for name, frames in rows.items()
    ]
    return np.concatenate(strips)


def draw_strip(label, frames):
    """RGB pictures in a row, their label above."""
    strip = np.concatenate([composite(frame, MID_GREY) for frame in frames], 1)
    head = np.full((LABEL_HEIGHT, strip.shape[1], 3), 255, "uint8")
    place, font = (6, LABEL_HEIGHT - 7), cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(head, label, place, font, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    return np.concatenate([head, strip])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("take", metavar="DATA", help="folder of the take")
    parser.add_argument("--to", metavar="FOLDER", required=True, help="folder to fill")
    parser.add_argument("--minutes", type=float, default=5.0, help="for each variant")
    parser.add_argument("--preset", default="lite", help="size of the anchors")
    options = parser.parse_args()
    settings = {"minutes": options.minutes, "preset": options.preset}
    print(compare(options.take, options.to, VARIANTS, **settings))


if __name__ == "__main__":
    main()
