"""What each part of making an anchor brings: a run without each, one table of all.

    python benchmarks/ablation.py clip.mp4 --to out/ablation --minutes 5

Variants are trained one after the other, at most for the same time, and scored on
held-out frames. The same again goes on where it stopped, and leaves alone what is done.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from keras_anchor import presets
from keras_anchor.data.capture.footage import capture
from keras_anchor.data.takes import Take
from keras_anchor.files import read_json, write_json
from keras_anchor.frames import composite, middles, write_picture
from keras_anchor.measure import generate, measure, sized
from keras_anchor.metrics import MID_GREY, cut_boxes
from keras_anchor.runs import load_generator
from keras_anchor.train import train

BOXES = ("face", "mouth", "eyes")
NUM_PICTURES = 8
LABEL_HEIGHT = 24


def compare(variants, folder, **settings):
    """Trains and measures all variants, and writes what came out.

    Args:
        variants: `{name: (take's folder, keyword arguments of train)}`.
        folder: Gets a run for each variant, `table.md` and `strips.png`.
        settings: Keyword arguments of `train` that all variants share.

    Returns:
        The table, Markdown.

    Raises:
        ValueError: If a variant was begun with other settings.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, (take_folder, own) in variants.items():
        print(f"== {name}", flush=True)
        run_variant(take_folder, folder / name, settings | own)
    table = write_table({name: read_row(folder / name) for name in variants})
    (folder / "table.md").write_text(table, encoding="utf-8")
    takes = {name: take_folder for name, (take_folder, _) in variants.items()}
    write_picture(folder / "strips.png", draw_strips(takes, folder))
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


def draw_strips(takes, folder):
    """RGB: faces of held-out frames, under the truth a strip for each variant.

    Args:
        takes: `{name: take's folder}`; all takes show the same frames.
        folder: Of the runs of these names.
    """
    strips = []
    for name, take_folder in takes.items():
        take, generator = Take(take_folder), load_generator(folder / name)
        truth, controls = sized(take.arrays("heldout"), generator.output_shape[1])
        some = middles(len(truth), NUM_PICTURES)
        rows = {} if strips else {"truth": truth[some]}
        rows[name] = generate(generator, controls[some])
        strips += [
            draw_strip(label, cut_boxes(take.face_model, "face", controls[some], row))
            for label, row in rows.items()
        ]
    width = max(strip.shape[1] for strip in strips)
    return np.concatenate([widen(strip, width) for strip in strips])


def widen(strip, width):
    """Adds white on the right: the face's box differs a little between takes."""
    return np.pad(
        strip, [(0, 0), (0, width - strip.shape[1]), (0, 0)], constant_values=255
    )


def draw_strip(label, frames):
    """RGB pictures in a row, their label above."""
    strip = np.concatenate([composite(frame, MID_GREY) for frame in frames], 1)
    head = np.full((LABEL_HEIGHT, strip.shape[1], 3), 255, "uint8")
    place, font = (6, LABEL_HEIGHT - 7), cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(head, label, place, font, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    return np.concatenate([head, strip])


def capture_once(clip, folder, size, **settings):
    """Makes a take, unless it is there.

    Raises:
        ValueError: If another is there.
    """
    if not folder.exists():
        capture(clip, folder, size=size, **settings)
    info = Take(folder).info
    found, wanted = (info["capture"]["source"], info["size"]), (Path(clip).name, size)
    if found != wanted:
        raise ValueError(f"{folder} shows {found}, not {wanted}. Choose another --to.")
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", metavar="VIDEO", help="of one person")
    parser.add_argument("--to", metavar="FOLDER", required=True, help="folder to fill")
    parser.add_argument("--minutes", type=float, default=5.0, help="for each variant")
    parser.add_argument("--size", type=int, default=256, help="of the frames")
    options = parser.parse_args()
    folder = Path(options.to)
    take = capture_once(options.clip, folder / "take", options.size)
    scored = folder / "take_of_scores"
    capture_once(options.clip, scored, options.size, is_fitted=False)
    variants = {"default": (take, {}), "without fitted controls": (scored, {})}
    for part in presets.PARTS:
        variants[f"without {part.replace('_', ' ')}"] = take, {"without": [part]}
    print(compare(variants, folder, minutes=options.minutes))


if __name__ == "__main__":
    main()
