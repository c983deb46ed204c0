"""What happens around training steps: budget, checkpoints, sample sheets, logs."""

import json
import os
import time
from pathlib import Path

import keras
import numpy as np

from keras_anchor.files import write_json, writing
from keras_anchor.frames import composite, to_uint8, write_picture

BACKGROUND = (128, 128, 128)


class Budget(keras.callbacks.Callback):
    """Stops after some minutes or steps, and lowers the learning rates on the way.

    Where both are given, whichever ends first. Rates stay until `hold` of the budget is
    spent, then fall linearly to a fiftieth.

    Args:
        rates: Learning rates of the generator and of the discriminator.
        seconds: Time to spend, or None.
        steps: Steps to make, or None.
        spent: Seconds that earlier runs of this stage spent.
        hold: Share of the budget before rates fall.
        count: Steps that earlier runs of this stage made.
    """

    def __init__(self, rates, seconds=None, steps=None, spent=0.0, hold=0.5, count=0):
        super().__init__()
        self.rates, self.start, self.count = rates, None, count
        self.seconds, self.steps, self.spent, self.hold = seconds, steps, spent, hold

    def on_train_batch_begin(self, batch, logs=None):
        # Compiling the first step is no training, but it is time.
        self.start = self.start or time.monotonic()
        progress = self.progress()
        share = min(1.0, (1.0 - progress) / (1.0 - self.hold)) * 0.98 + 0.02
        gan = self.model
        optimizers = gan.generator_optimizer, gan.discriminator_optimizer
        for optimizer, rate in zip(optimizers, self.rates, strict=True):
            if optimizer is not None:
                optimizer.learning_rate.assign(share * rate)

    def on_train_batch_end(self, batch, logs=None):
        self.count += 1
        if self.progress() >= 1.0:
            self.model.stop_training = True

    def elapsed(self):
        return self.spent + (time.monotonic() - self.start if self.start else 0.0)

    def progress(self):
        """How much is spent of what ends first."""
        shares = []
        if self.steps:
            shares.append(self.count / self.steps)
        if self.seconds:
            shares.append(self.elapsed() / self.seconds)
        return min(1.0, max(shares))


class StageProgress(keras.callbacks.ProgbarLogger):
    """Keras' progress bar, under the stage and the share of it that is done."""

    def __init__(self, stage, budget):
        super().__init__()
        self.stage, self.budget = stage, budget

    def on_epoch_begin(self, epoch, logs=None):
        self.epochs = 1  # How many epochs a budget holds is not known before.
        if self.verbose:
            print(f"{self.stage}: {self.budget.progress():.0%} done")
        super().on_epoch_begin(epoch, logs)


class Checkpoint(keras.callbacks.Callback):
    """Saves the whole training state at the end of every epoch, and how far it is.

    Args:
        path: Of the `.keras` file; the time spent lies beside it as `.json`.
        budget: The `Budget` to ask.
    """

    def __init__(self, path, budget):
        super().__init__()
        self.path, self.budget = Path(path), budget

    def on_epoch_end(self, epoch, logs=None):
        # First: whoever finds the training state finds this, wherever it broke off.
        state = {"epoch": epoch + 1, "seconds": self.budget.elapsed()}
        write_json(self.path.with_suffix(".json"), state)
        with writing(self.path) as part:
            self.model.save(part)


class Samples(keras.callbacks.Callback):
    """Draws held-out frames at the end of every epoch: truth above, generated below.

    Adds `heldout_psnr`, in dB over mid-grey, to the epoch's logs.

    Args:
        controls: `(n, 62)`.
        frames: uint8 `(n, height, width, channels)`.
        path: Of the sheet, a JPEG.
    """

    def __init__(self, controls, frames, path):
        super().__init__()
        self.controls, self.path = controls, Path(path)
        self.truth = composite(frames, BACKGROUND)

    def on_epoch_end(self, epoch, logs=None):
        noise = np.zeros((len(self.controls), self.model.generator.inputs[1].shape[-1]))
        frames = self.model.ema_generator.predict_on_batch([self.controls, noise])
        drawn = composite(to_uint8(frames), BACKGROUND)
        error = np.square(drawn / 255.0 - self.truth / 255.0).mean((1, 2, 3))
        logs["heldout_psnr"] = float(np.mean(-10.0 * np.log10(error + 1e-10)))
        sheet = np.concatenate([np.hstack(self.truth[:8]), np.hstack(drawn[:8])])
        with writing(self.path) as part:
            write_picture(part, sheet)


class JsonLines(keras.callbacks.Callback):
    """Adds each epoch's logs to a file, one JSON object a line, all of them whole."""

    def __init__(self, path, stage, budget):
        super().__init__()
        self.path, self.stage, self.budget = Path(path), stage, budget

    def on_epoch_end(self, epoch, logs=None):
        entry = {
            "stage": self.stage,
            "epoch": epoch + 1,
            "step": self.budget.count,
            "seconds": round(self.budget.elapsed(), 1),
            **{name: round(float(value), 5) for name, value in (logs or {}).items()},
        }
        # Added, not rewritten: crops that are trained apart share the file.
        num_bytes = self.path.stat().st_size if self.path.exists() else 0
        try:
            with self.path.open("a") as file:
                file.write(json.dumps(entry) + "\n")
        except OSError:
            if self.path.exists():
                os.truncate(self.path, num_bytes)
            raise
