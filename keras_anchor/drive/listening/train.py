"""Trains the network that listens on a corpus of speech.

python -m keras_anchor.drive.listening.train corpus/*.npz --to runs/listener
"""

import argparse
import json
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from keras_anchor.drive.listening.corpus import CROP_HOPS, Crops, read_corpus
from keras_anchor.drive.listening.network import Listener
from keras_anchor.drive.listening.outputs import WINDOW, find_mouth
from keras_anchor.drive.viseme_table import REST, VisemeTable
from keras_anchor.files import write_json, writing

BATCH_SIZE = 24
STEPS_PER_EPOCH = 50
LEARNING_RATE = 2e-3
# Brings the cross-entropy of visemes to about the size of the controls' loss.
VISEME_WEIGHT = 0.3


def batches(crops):
    """`(windows, {"controls", "visemes"})`, endlessly."""
    num_names = crops.utterances[0][1].shape[1]

    def generate():
        while True:
            windows, values, spoken = crops()
            yield windows, {"controls": values, "visemes": spoken}

    signature = (
        tf.TensorSpec((CROP_HOPS, WINDOW), tf.float32),
        {
            "controls": tf.TensorSpec((CROP_HOPS, num_names), tf.float32),
            "visemes": tf.TensorSpec((CROP_HOPS,), tf.int32),
        },
    )
    data = tf.data.Dataset.from_generator(generate, output_signature=signature)
    return data.batch(BATCH_SIZE, drop_remainder=True).prefetch(2)


def train(paths, folder, minutes, held_out=(), seed=0):
    """Trains for some minutes, from what lies in `folder` on where something does.

    Writes `config.json`, `listener.weights.h5` and `log.jsonl`.

    Args:
        held_out: Corpus files of voices that training never hears.
    """
    keras.utils.set_random_seed(seed)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    table = VisemeTable()
    names, visemes = find_mouth(table), list(table.shapes)
    silence = visemes.index(REST)
    write_json(folder / "config.json", {"controls": names, "visemes": visemes})
    listener = Listener(names, visemes)
    model, weights_path = listener.sequence_model(), folder / "listener.weights.h5"
    if weights_path.is_file():
        model.load_weights(weights_path)
    utterances = read_corpus(paths)
    deviations = np.concatenate([values for _, values, _ in utterances]).std(0)
    weights = tf.constant(1.0 / np.maximum(deviations, 0.02), tf.float32)

    def controls_loss(truth, guess):
        return tf.reduce_mean(tf.abs(truth - guess) * weights, -1)

    data = batches(Crops(utterances, silence, seed))
    tests = None
    if held_out:
        tests = batches(Crops(read_corpus(held_out), silence, seed=1)).take(8).cache()
    model.compile(
        optimizer=keras.optimizers.Adam(LEARNING_RATE, clipnorm=1.0),
        loss={
            "controls": controls_loss,
            "visemes": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        },
        loss_weights={"controls": 1.0, "visemes": VISEME_WEIGHT},
        metrics={"visemes": "accuracy"},
    )
    model.summary()
    start, end = time.monotonic(), time.monotonic() + 60 * minutes

    class Schedule(keras.callbacks.Callback):
        """Cosine decay over the minutes; stops at their end, and notes the figures."""

        def on_train_batch_begin(self, batch, logs=None):
            share = min(1.0, (time.monotonic() - start) / (end - start))
            warm = min(1.0, (int(model.optimizer.iterations) + 1) / 100)
            rate = warm * (0.5 + 0.5 * np.cos(np.pi * share)) + 0.005
            model.optimizer.learning_rate = LEARNING_RATE * rate

        def on_epoch_end(self, epoch, logs=None):
            note = {"step": int(model.optimizer.iterations), **(logs or {})}
            with (folder / "log.jsonl").open("a") as file:
                file.write(json.dumps({k: float(v) for k, v in note.items()}) + "\n")
            with writing(weights_path) as part:
                model.save_weights(part)
            model.stop_training = time.monotonic() > end

    model.fit(
        data,
        epochs=10**6,
        steps_per_epoch=STEPS_PER_EPOCH,
        validation_data=tests,
        validation_freq=5,
        callbacks=[Schedule()],
        verbose=2,
    )
    return folder


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="+")
    parser.add_argument("--held-out", nargs="*", default=[])
    parser.add_argument("--to", required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    train(options.corpus, options.to, options.minutes, options.held_out, options.seed)
