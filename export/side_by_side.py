"""What a report's reader judges with their own eyes, and what a tracker sees."""

from html import escape

from keras_anchor.export.pieces import bar, embed, number, section, table
from keras_anchor.files import read_json

FILM = "a frame of the take"


def describe_pairs(folder):
    """Pairs of frames to guess at, then faces enlarged; empty where there are none."""
    if not (folder / "pairs.json").exists():
        return ""
    sides = read_json(folder / "pairs.json")["truth"]
    pairs = "".join(
        describe_pair(folder / f"pair-{index}.jpg", side)
        for index, side in enumerate(sides)
    )
    faces = [
        f'<figure class="face">{embed(path, "two faces")}</figure>'
        for path in sorted(folder.glob("face-*.jpg"))
    ]
    note = (
        f"Each pair is {FILM} that was held out of training, and what the anchor makes "
        "of its controls, in an order drawn by lot. Guessing finds half of them. The "
        "frames are evenly spaced, not chosen."
    )
    below = (
        f'<p class="note">The face enlarged: at the left {FILM}, at the right the '
        "anchor.</p>"
    )
    pairs = f'<div class="pairs">{pairs}</div>'
    return section("Side by side", pairs, below, *faces, note=note)


def describe_pair(path, side):
    return (
        f"<figure>{embed(path, 'two frames')}<details>"
        f"<summary>Which one is real?</summary>The {escape(side)} one is {FILM}, the "
        "other is generated.</details></figure>"
    )


def describe_tracked(tracked, points_error=None):
    """Agreement of a tracker on generated and on true frames."""
    if not tracked:
        return ""

    def rows(scores):
        return [[escape(key), number(score), bar(score)] for key, score in scores]

    groups = rows(
        [
            *tracked["groups"].items(),
            ("mean of all controls", tracked["mean"]),
            ("all controls as one signal", tracked["together"]),
        ]
    )
    controls = sorted(tracked["controls"].items(), key=lambda item: -item[1])
    every = table(["control", "correlation", ""], rows(controls))
    note = (
        "Correlation between what a face tracker reads off generated held-out frames "
        "and off the true ones, for every control that moves in them: 1 is the same "
        "performance."
    )
    if points_error is not None:
        note += f" Its points on both are {number(points_error)} pixels apart."
    return section(
        "The performance, as a tracker sees it",
        table(["group", "correlation", ""], groups),
        f"<details><summary>Every control</summary>{every}</details>",
        note=note,
    )


def describe_identity(identity):
    """How far generated and true frames are from the person of the take."""
    if not identity:
        return ""
    names = {"generated": "generated frames", "truth": "true frames"}
    rows = [[label, number(identity[name])] for name, label in names.items()]
    note = (
        "Mean distance of held-out frames to the mean person of the training frames: "
        "under .6 it is the same person to this network, "
        f"{escape(identity['network'])}."
    )
    return section("Is it the same person", table(["", "distance"], rows), note=note)
