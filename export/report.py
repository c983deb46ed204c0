"""The report of an anchor: one HTML file that needs nothing else."""

from html import escape
from pathlib import Path

from keras_anchor.consent import describe_consent
from keras_anchor.export.charts import draw_charts, read_log
from keras_anchor.export.pieces import bar, embed, number, section, table
from keras_anchor.export.side_by_side import (
    describe_identity,
    describe_pairs,
    describe_tracked,
)

STYLE = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
SCORES = {
    "psnr": "PSNR, dB",
    "perceptual": "perceptual distance",
    "sharpness": "sharpness",
}
BOXES = ("whole", "face", "mouth", "eyes")
RIVALS = {
    "boxes": "this anchor",
    "without_adversarial": "without the adversarial part",
    "nearest_frame": "nearest training frame",
    "mean_frame": "mean training frame",
}
FORMAT_NAMES = {
    "saved_model": "SavedModel",
    "tflite": "TFLite, float32",
    "tflite_float16": "TFLite, float16",
    "tfjs": "TF.js",
    "web": "page, int8",
}


def write_report(path, facts, poster_path, run_folder):
    """Writes the report.

    Args:
        facts: What `write_anchor` takes: name, size, alpha, fps, licence, consent,
            training, metrics. Sections without metrics are left out.
        poster_path: PNG of the anchor at rest.
        run_folder: Its `samples/*.jpg`, `pairs` and `log.jsonl` are shown.
    """
    metrics, run_folder = facts["metrics"], Path(run_folder)
    sections = [
        describe_training(facts),
        describe_scores(metrics),
        describe_pairs(run_folder / "pairs"),
        describe_identity(metrics.get("identity")),
        describe_tracked(metrics.get("tracked"), metrics.get("points_error_pixels")),
        describe_samples(run_folder / "samples"),
        describe_obedience(metrics),
        describe_steadiness(metrics.get("steadiness")),
        describe_formats(metrics),
        describe_curves(run_folder / "log.jsonl"),
    ]
    name = escape(facts["name"])
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{name}, a virtual anchor</title><style>{STYLE}</style></head><body>"
        f"<header>{embed(poster_path, f'{name} at rest')}<div><h1>{name}</h1>"
        f"{describe_anchor(facts)}</div></header><main>{''.join(sections)}</main>"
        "</body></html>\n"
    )
    Path(path).write_text(page, encoding="utf-8")


def describe_anchor(facts):
    alpha = "RGBA" if facts["alpha"] else "RGB"
    approximation = facts["training"].get("approximation")
    label = f"<p><strong>Approximate.</strong> {escape(approximation or '')}</p>"
    return (
        '<p class="label">Synthetic: every picture of this anchor is drawn by a neural '
        "network.</p>"
        f"{label if approximation else ''}"
        f"<p>{facts['size']} × {facts['size']} pixels, {alpha}, "
        f"{facts['fps']:g} frames a second. Licence: {escape(str(facts['licence']))}. "
        f"Consent: {escape(describe_consent(facts['consent']))}.</p>"
    )


def describe_training(facts):
    training = {
        name.replace("_", " "): value
        for name, value in facts["training"].items()
        if isinstance(value, str | int | float) and name not in ("licence", "consent")
    }
    rows = [[escape(name), escape(str(value))] for name, value in training.items()]
    return section("How it was trained", table([], rows)) if rows else ""


def describe_scores(metrics):
    """Boxes against rivals, one table for each score."""
    rivals = {key: metrics[key] for key in RIVALS if metrics.get(key)}
    if "boxes" not in rivals:
        return ""
    tables = []
    for score, title in SCORES.items():
        if not any(score in scores for scores in metrics["boxes"].values()):
            continue
        rows = [
            [RIVALS[key], *(number(boxes.get(box, {}).get(score)) for box in BOXES)]
            for key, boxes in rivals.items()
        ]
        tables.append(table([title, *BOXES], rows))
    note = (
        "Over held-out frames, composited over mid-grey. PSNR: higher is closer. "
        "Sharpness: 1 is as sharp as the truth. Perceptual distance: lower is closer."
    )
    if extractor := metrics.get("perceptual_extractor"):
        note += f" Its features are those of {escape(extractor)}."
    return section("How close it is to the truth", *tables, note=note)


def describe_samples(folder):
    """The sheets of the run, the whole face first."""
    paths = sorted(folder.glob("*.jpg"), key=lambda path: (path.stem != "whole", path))
    figures = [
        f"<figure>{embed(path, path.stem)}<figcaption>{escape(path.stem)}"
        "</figcaption></figure>"
        for path in paths
    ]
    note = "Held-out frames: the truth above, generated from its controls below."
    return section("Samples", *figures, note=note) if figures else ""


def describe_obedience(metrics):
    obedience = metrics.get("obedience")
    if not obedience:
        return ""
    others = [
        metrics.get(name, {})
        for name in ("heldout_obedience", "heldout_obedience_of_truth")
    ]
    rows = [
        [
            escape(control),
            number(value),
            bar(value),
            *(number(other.get(control)) for other in others),
        ]
        for control, value in sorted(obedience.items(), key=lambda item: -item[1])
    ]
    note = (
        "Correlation between what a control asked for and what a face tracker saw, 1 "
        "is full obedience: each control alone, from end to end; then all at once, in "
        "held-out frames; then what the tracker saw in the true ones, which is as much "
        "as it can tell apart."
    )
    header = ["control", "alone", "", "held-out", "true frames"]
    return section("Obedience", table(header, rows), note=note)


def describe_steadiness(steadiness):
    if not steadiness:
        return ""
    rows = [
        [escape(name.replace("_", " ")), number(value)]
        for name, value in steadiness.items()
    ]
    return section("Steadiness", table(["", "value"], rows))


def describe_formats(metrics):
    formats = metrics.get("formats")
    if not formats:
        return ""
    header = ["format", "MB", "largest difference", "mean", "PSNR, dB", "ms, 1 thread"]
    rows = []
    for key, facts in formats.items():
        times = facts.get("milliseconds", {})
        rows.append(
            [
                FORMAT_NAMES.get(key, escape(key)),
                number(facts.get("bytes", 0) / 1e6),
                number(facts.get("largest_difference")),
                number(facts.get("mean_difference")),
                number(facts.get("psnr")),
                number(times.get("1")),
                number(times.get("2")),
            ]
        )
    note = (
        "The same 64 control vectors through every format, against the Keras "
        "generator; frames in [-1, 1]. Times are medians on the machine that exported."
    )
    if metrics.get("parameters"):
        note += f" {metrics['parameters'] / 1e6:.2f} million parameters,"
        note += f" {metrics['multiply_adds'] / 1e9:.2f} billion multiply-adds a frame."
    return section("Formats", table([*header, "2 threads"], rows), note=note)


def describe_curves(path):
    curves = read_log(path)
    note = "Each stage over its own length."
    return section("Training", draw_charts(curves), note=note) if curves else ""
