"""A training run's folder: what was asked, what is done, what came out."""

import json
from pathlib import Path

import keras

from keras_anchor.callbacks import write_json
from keras_anchor.controls import save_controls

# Settings that a run can't change halfway.
FIXED = ("preset", "take", "seed", "is_adversarial")


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
            self.config = json.loads(path.read_text())
            for name in FIXED:
                if self.config.get(name) != config.get(name):
                    raise ValueError(
                        f"{folder} is a run with {name} {self.config.get(name)!r}, "
                        f"not {config.get(name)!r}. Go on with the same settings, or "
                        "choose another folder."
                    )
            self.config |= config
        elif self.folder.exists() and any(self.folder.iterdir()):
            raise ValueError(
                f"{folder} is not empty and no run: it has no `config.json`. "
                "Choose another folder."
            )
        else:
            self.config = config
        for name in ("checkpoints", "samples"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        save_controls(self.folder)
        write_json(path, self.config)

    def checkpoint(self, stage):
        """The training state of a stage that is under way."""
        return self.folder / "checkpoints" / f"{stage}.keras"

    def result(self, stage):
        """The network that a finished stage leaves to the next."""
        return self.folder / "checkpoints" / f"{stage}.weights.h5"

    def save_result(self, stage, network):
        """Ends a stage: keeps the averaged network, drops the training state."""
        path = self.result(stage)
        part = path.with_name("part-" + path.name)
        network.save_weights(part)
        part.replace(path)
        self.checkpoint(stage).unlink(missing_ok=True)

    def save_generator(self, generator):
        part = self.folder / "part-generator.keras"
        generator.save(part)
        part.replace(self.folder / "generator.keras")


def load_generator(folder):
    """The averaged generator of the run in `folder`.

    Raises:
        ValueError: If there is none yet.
    """
    import keras_anchor.generators  # noqa: F401, registers the layers

    path = Path(folder, "generator.keras")
    if not path.exists():
        raise ValueError(
            f"{folder} holds no `generator.keras`: it is no run, or its training has "
            "not ended. Repeat `keras-anchor train`, it goes on where it stopped."
        )
    return keras.models.load_model(path, compile=False)
