"""A training run's folder: what was asked, what is done, what came out."""

import zipfile
from pathlib import Path

import keras
import numpy as np

from keras_anchor.controls import save_controls
from keras_anchor.files import read_json, write_json, writing

# Settings that a run can't change halfway.
FIXED = ("preset", "take", "seed", "without")


class Run:
    """`config.json`, `controls.json`, `face.npz`, checkpoints, logs, samples.

    Args:
        folder: Made where it is missing.
        config: Settings of the run, a dict. Where the folder holds a run already, it
            goes on, and must have been started with the same ones.

    Raises:
        ValueError: If the folder holds a run of other settings, or other files.
    """

    def __init__(self, folder, config):
        self.folder = Path(folder)
        path = self.folder / "config.json"
        if path.exists():
            self.config = read_json(path)
            for name in FIXED:
                if self.config.get(name) != config.get(name):
                    raise ValueError(
                        f"{folder} is a run with {name} {self.config.get(name)!r}, "
                        f"not {config.get(name)!r}. Go on with the same settings, or "
                        "choose another folder."
                    )
            if not self.is_done:
                self.config |= config
        elif self.folder.exists() and any(self.folder.iterdir()):
            raise ValueError(
                f"{folder} is not empty and no run: it has no `config.json`. "
                "Choose another folder."
            )
        else:
            self.config = config
        # What makes it a run comes first: a full disk leaves one, or nothing.
        self.folder.mkdir(parents=True, exist_ok=True)
        self.save_config()
        save_controls(self.folder)
        for name in ("checkpoints", "samples"):
            (self.folder / name).mkdir(exist_ok=True)

    @property
    def is_done(self):
        """True if training has ended, and nothing is left to do."""
        has_generator = (self.folder / "generator.keras").exists()
        return has_generator and "ranges" in read_json(self.folder / "config.json")

    def save_config(self, **facts):
        """Writes `config.json`, with what became known on the way."""
        self.config |= facts
        write_json(self.folder / "config.json", self.config)

    def checkpoint(self, stage):
        """The training state of a stage that is under way."""
        return self.folder / "checkpoints" / f"{stage}.keras"

    def result(self, stage):
        """The network that a finished stage leaves to the next.

        No `.weights.h5`: of a full disk, HDF5 says nothing but a RuntimeError, late.
        """
        return self.folder / "checkpoints" / f"{stage}-result.keras"

    def codes(self, network):
        """The frame codes that `mouth` or `eyes` has learned."""
        return self.folder / "checkpoints" / f"{network}-codes.npy"

    def save_codes(self, network, codes):
        with writing(self.codes(network)) as part:
            np.save(part, codes)

    def save_result(self, stage, network):
        """Ends a stage: keeps the averaged network, drops the training state."""
        path = self.result(stage)
        with writing(path) as part:
            network.save(part)
        self.checkpoint(stage).unlink(missing_ok=True)

    def save_generator(self, generator):
        with writing(self.folder / "generator.keras") as part:
            generator.save(part)


def load_generator(folder):
    """The averaged generator of the run in `folder`.

    Raises:
        ValueError: If there is none yet, or it is damaged.
    """
    # They register the layers.
    import keras_anchor.generators  # noqa: F401
    import keras_anchor.photo_layers  # noqa: F401

    path = Path(folder, "generator.keras")
    if not path.exists():
        raise ValueError(
            f"{folder} holds no `generator.keras`: it is no run, or its training has "
            "not ended. Repeat `keras-anchor train`, it goes on where it stopped."
        )
    if not zipfile.is_zipfile(path):
        raise ValueError(
            f"{path} is damaged: expected a zip, as Keras writes it. Copy the run "
            "again from where it came, or train it again."
        )
    return keras.models.load_model(path, compile=False)
