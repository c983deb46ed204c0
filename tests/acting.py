"""Performances made for tests, in which everything moves."""

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.controls import INDEX, NAMES
from keras_anchor.performance import Performance

FPS, NUM_FRAMES = 25, 1500
AXES = {name: (name,) for name in NAMES[52:]} | {
    f"{one}{side}": (f"eyeLook{one}{side}", f"eyeLook{other}{side}")
    for side in ("Left", "Right")
    for one, other in (("Out", "In"), ("Up", "Down"))
}


def column(performance, name):
    return performance.controls[:, INDEX[name]].astype("float64")


def axis(performance, names):
    positive, *negative = names
    return column(performance, positive) - sum(
        column(performance, name) for name in negative
    )


def act(strength=1.0, seed=0, noise=0.0):
    """A performance in which everything moves, from rest up to `strength`."""
    rng = np.random.default_rng(seed)
    times = np.arange(NUM_FRAMES) / FPS
    waves = np.sin(
        2 * np.pi * rng.uniform(0.3, 1.5, 62) * times[:, None]
        + rng.uniform(0, 2 * np.pi, 62)
    )
    waves += noise * rng.normal(size=waves.shape)
    controls = np.where(ctl.LOW < 0, waves * ctl.HIGH, np.maximum(waves, 0.0))
    for positive, *negative in AXES.values():
        for name in negative:
            wave = waves[:, INDEX[positive]]
            controls[:, INDEX[positive]] = np.maximum(wave, 0.0)
            controls[:, INDEX[name]] = np.maximum(-wave, 0.0)
    return Performance(ctl.clip(strength * controls), FPS)
