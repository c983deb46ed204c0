"""From a run to an anchor: every format, checked against the Keras generator."""

import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.anchors import write_anchor
from keras_anchor.consent import UNKNOWN, to_public
from keras_anchor.export.benchmark import measure_costs
from keras_anchor.export.report import write_report
from keras_anchor.export.saved_model import write_saved_model
from keras_anchor.export.tfjs import import_converter, write_tfjs
from keras_anchor.export.tflite import write_tflite
from keras_anchor.export.verify import find_node_packages, verify_formats
from keras_anchor.export.web import build_parts, has_parts, write_web
from keras_anchor.files import read_json
from keras_anchor.frames import to_uint8, write_picture
from keras_anchor.runs import load_generator

FORMATS = {
    "saved_model": "saved_model",
    "tflite": "generator.tflite",
    "tflite_float16": "generator_float16.tflite",
    "tfjs": "tfjs/model.json",
    "web": "web/parts.json",
}
# In dB; below, the TF.js model keeps float32 weights even if float16 was asked for.
MIN_TFJS_PSNR = 48.0


def export_anchor(
    run_folder,
    anchor_folder,
    name=None,
    formats=tuple(FORMATS),
    tfjs_weights="float32",
):
    """Writes the generator of a run as an anchor that devices render.

    Nothing appears at `anchor_folder`, and an anchor that lies there stays, unless
    every format draws what the Keras generator draws.

    Args:
        name: Of the anchor; the take's by default.
        formats: Some of `saved_model`, `tflite`, `tflite_float16`, `tfjs`, `web`. The
            last is left out of an anchor that does not move a still.
        tfjs_weights: `float32`, or `float16` for half the download, which is used if
            frames keep 48 dB.

    Returns:
        `anchor_folder`, as a `Path`.

    Raises:
        ValueError: If the run is not whole, or a format differs too much.
        ImportError: If tensorflowjs is missing.
    """
    run_folder = Path(run_folder)
    check_choices(formats, tfjs_weights)
    if "tfjs" in formats:  # What is missing shows before the minute of conversion.
        import_converter()
        find_node_packages()
    generator = load_generator(run_folder)
    if not has_parts(generator):
        formats = [format_name for format_name in formats if format_name != "web"]
        if not formats:
            raise ValueError(
                "This generator moves no still, so there is nothing for the format "
                f"`web`. Choose others out of {list(FORMATS)}."
            )
    check_names(run_folder)
    config = read_json(run_folder / "config.json")
    config["consent"] = to_public(config.get("consent", UNKNOWN))
    noise = np.zeros(generator.inputs[1].shape[-1], "float32")
    size, _, channels = generator.output_shape[1:]
    with replacing(Path(anchor_folder)) as folder:
        shutil.copy(run_folder / "controls.json", folder)
        differences = write_formats(generator, folder, formats, noise, tfjs_weights)
        paths = {format_name: FORMATS[format_name] for format_name in formats}
        costs = measure_costs(generator, folder, paths)
        for format_name, difference in differences.items():
            costs["formats"][format_name] |= difference
        write_poster(generator, noise, folder / "poster.png")
        facts = {
            "name": name or config["take"],
            "size": size,
            "alpha": channels == 4,
            "fps": config["fps"],
            "noise": noise,
            "ranges": choose_ranges(config, generator),
            "licence": config.get("licence", "unknown"),
            "consent": config["consent"],
            "training": config,
            "metrics": read_metrics(run_folder) | costs,
        }
        write_report(folder / "report.html", facts, folder / "poster.png", run_folder)
        write_anchor(folder, formats=paths, **facts)
    return Path(anchor_folder)


def check_choices(formats, tfjs_weights):
    if not formats or set(formats) - FORMATS.keys():
        raise ValueError(
            f"Expected `formats` out of {list(FORMATS)}, received {list(formats)}."
        )
    if tfjs_weights not in ("float32", "float16"):
        raise ValueError(
            "Expected `tfjs_weights` to be 'float32' or 'float16', received "
            f"{tfjs_weights!r}."
        )


def check_names(run_folder):
    """Raises `ValueError` if a run was trained on another version's controls."""
    names = ctl.load_names(run_folder)
    if names != list(ctl.NAMES):
        raise ValueError(
            f"{run_folder} was trained on {len(names)} controls in another order than "
            f"this version's {len(ctl.NAMES)}. Export it with the version it was "
            "trained with, or train it again."
        )


def choose_ranges(config, generator):
    """Takes the ranges out of a run's settings, or reads them off the generator.

    Its limits are extremes; what `measure_ranges` finds in the same take lies at nine
    tenths of them (measured).
    """
    if "ranges" in config:
        return config.pop("ranges")
    limits = [layer for layer in generator.layers if layer.name == "limit"]
    if not limits:
        return {}
    low, high = limits[0].get_weights()
    rows = np.stack(
        [0.9 * low, np.clip(ctl.NEUTRAL, 0.9 * low, 0.9 * high), 0.9 * high]
    )
    return {
        name: [round(float(value), 4) for value in row]
        for name, row in zip(ctl.NAMES, rows.T, strict=True)
    }


def read_metrics(run_folder):
    path = run_folder / "metrics.json"
    return read_json(path) if path.exists() else {}


def write_formats(generator, folder, formats, noise, tfjs_weights):
    """Writes and verifies; returns what `verify_formats` does."""
    paths = {format_name: folder / FORMATS[format_name] for format_name in formats}
    half = {"tflite_float16"} | ({"tfjs"} if tfjs_weights == "float16" else set())
    if "saved_model" in paths:
        write_saved_model(generator, paths["saved_model"])
    lite = {key: path for key, path in paths.items() if key.startswith("tflite")}
    if lite:
        write_tflite(generator, lite)
    if "tfjs" in paths:
        write_page_model(generator, paths["tfjs"], "tfjs" in half)
    if "web" in paths:
        write_web(generator, paths["web"])
    differences = verify_formats(generator, paths, noise, half)
    if "tfjs" in half & paths.keys() and is_far(differences["tfjs"]):
        shutil.rmtree(paths["tfjs"].parent)
        write_page_model(generator, paths["tfjs"])
        differences |= verify_formats(generator, {"tfjs": paths["tfjs"]}, noise)
    return differences


def write_page_model(generator, path, is_half=False):
    """Writes `model.json`; it has `frames`, and the parts of those that have parts."""
    serve = build_parts(generator, has_frames=True) if has_parts(generator) else None
    with TemporaryDirectory() as folder:
        write_saved_model(generator, folder, serve=serve)
        write_tfjs(folder, path.parent, is_half)


def is_far(difference):
    return difference["psnr"] is not None and difference["psnr"] < MIN_TFJS_PSNR


def write_poster(generator, noise, path):
    """The anchor at rest."""
    frame = generator([ctl.NEUTRAL[None], noise[None]], training=False)[0]
    write_picture(path, to_uint8(frame))


@contextmanager
def replacing(folder):
    """Yields an empty folder that takes the place of an anchor once all went well.

    Raises:
        ValueError: If `folder` exists and holds something else than an anchor.
    """
    is_empty = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    if not is_empty and not (folder / "anchor.json").exists():
        raise ValueError(
            f"{folder} exists and is no anchor, so it is not overwritten. Choose "
            "another folder, or remove it first."
        )
    part, old = (folder.with_name(f".{folder.name}.{word}") for word in ("part", "old"))
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        part.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        if old.exists() and not folder.exists():
            old.rename(folder)
        shutil.rmtree(part, ignore_errors=True)
