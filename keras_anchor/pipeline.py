"""From a take to a speaking anchor, step by step, with the time of each."""

import os
import time
from contextlib import contextmanager
from pathlib import Path

from keras_anchor.anchors import load_anchor
from keras_anchor.drive.text import perform_text
from keras_anchor.export import export_anchor
from keras_anchor.measure import measure
from keras_anchor.render import render_film
from keras_anchor.results import describe_path, describe_seconds
from keras_anchor.train import train

TEXT = (
    "Good evening. A few minutes ago I was a row of numbers, and now I speak. "
    "晚上好。几分钟前我还只是一串数字，现在我会说话了。"
)


class Clock:
    """Measures named steps; `seconds` holds them in order."""

    def __init__(self):
        self.seconds = {}

    @contextmanager
    def step(self, name):
        print(f"== {name}", flush=True)
        start = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - start

    def summary(self):
        """Lines with the time and share of every step, and the sum."""
        total = sum(self.seconds.values())
        lines = [
            f"{name:<10}{describe_seconds(seconds):>14}{seconds / total:>8.0%}"
            for name, seconds in self.seconds.items()
        ]
        return [*lines, f"{'total':<10}{describe_seconds(total):>14}"]


def make_anchor(
    take_folder, out_folder, preset=None, minutes=8.0, seed=0, install_seconds=0.0
):
    """Trains an anchor on a take, measures, exports and films it, speaking.

    Everything goes to `out_folder`: `run/`, `anchor/`, `anchor.mp4`. Prints results,
    sizes and times.

    Args:
        install_seconds: Time that was spent before, counted into the sum.

    Returns:
        The path of the film.
    """
    take_folder, out_folder = Path(take_folder), Path(out_folder)
    if not take_folder.is_dir():
        raise FileNotFoundError(
            f"There is no take at `{take_folder}`. Make one with "
            f"`keras-anchor presenter adam --to {take_folder}`."
        )
    run_folder, anchor_folder = out_folder / "run", out_folder / "anchor"
    film_path = out_folder / "anchor.mp4"
    clock = Clock()
    if install_seconds:
        clock.seconds["install"] = install_seconds
    with clock.step("train"):
        train(take_folder, run_folder, preset=preset, minutes=minutes, seed=seed)
    with clock.step("measure"):
        measure(run_folder, take_folder)
    with clock.step("export"):
        export_anchor(run_folder, anchor_folder)
    with clock.step("film"):
        anchor = load_anchor(anchor_folder)
        performance = perform_text(TEXT, fps=anchor.fps, seed=seed)
        render_film(anchor, performance, film_path, num_threads=os.cpu_count() or 1)
    print(f"\n{os.cpu_count()} cores:", *clock.summary(), sep="\n  ")
    print("\nMade:", describe_path(anchor_folder), describe_path(film_path), sep="\n  ")
    print(f"  keras-anchor demo --anchor {anchor_folder}  opens the page")
    return film_path
