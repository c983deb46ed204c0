"""The stages of a training: how each trains, and what it leaves to the next."""

import json
from itertools import pairwise

import keras
import numpy as np
import tensorflow as tf

from keras_anchor import presets
from keras_anchor.callbacks import Budget, Checkpoint, JsonLines, Samples, StageProgress
from keras_anchor.codes import FrameCodes
from keras_anchor.gan import ControlGAN
from keras_anchor.generators import CROPS
from keras_anchor.sharpness import match_sharpness
from keras_anchor.studio import NETWORKS, network_of
from keras_anchor.warm_start import start

# Of 256 pixels, and half as many of 512: up to a minute on two cores, which is what an
# interruption loses.
STEPS_PER_EPOCH = {"crop": 600, "adversarial": 150, "whole": 200}


def batches(controls, frames, batch_size, seed, start, has_index=False, augment=None):
    """Endless `(controls, frames)`; which frames step n sees depends on n alone.

    Args:
        has_index: Adds the frames' numbers, for codes.
        augment: Function from step, controls and frames to others; see `augment`.
    """

    def pick(index):
        return controls[index], frames[index]

    def draw(step):
        index = tf.random.stateless_uniform(
            [batch_size],
            tf.stack([tf.cast(seed, tf.int64), step]),
            0,
            len(frames),
            tf.int32,
        )
        # A tensor of all frames would be held several times over.
        drawn = tf.numpy_function(pick, [index], [controls.dtype, frames.dtype])
        for part, whole in zip(drawn, (controls, frames), strict=True):
            part.set_shape([batch_size, *whole.shape[1:]])
        if augment is not None:
            drawn = augment(step, *drawn)
        return (*drawn, index) if has_index else drawn

    # Autotuning sleeps for up to a minute, and ending a stage would wait for it.
    options = tf.data.Options()
    options.autotune.enabled = False
    steps = tf.data.Dataset.range(start, 2**31)
    return steps.map(draw, num_parallel_calls=2).prefetch(2).with_options(options)


def compile_gan(generator, discriminator, codes, seed):
    gan = ControlGAN(generator, discriminator, codes, seed=seed)
    if discriminator is None:
        optimizer = keras.optimizers.Adam(beta_1=0.9, beta_2=0.99)
        gan.compile(optimizer, **presets.RECONSTRUCTION)
    else:
        optimizer = keras.optimizers.Adam(beta_1=0.5, beta_2=0.99)
        other = keras.optimizers.Adam(beta_1=0.0, beta_2=0.99)
        gan.compile(optimizer, other, **presets.ADVERSARIAL)
    return gan


def train_stage(run, studio, stage, seconds, steps, strategy, verbose):
    """Trains one stage, or loads what it left when it is done.

    Args:
        seconds: Time to spend, unless `steps` are given.
    """
    name = network_of(stage)
    without = run.config["without"]
    is_adversarial = stage["is_adversarial"] and "adversarial" not in without
    result = run.result(stage["name"])
    if result.exists():
        if name != "whole":
            studio.decoders[name].load_weights(result)
        return
    seed = run.config["seed"]
    checkpoint = run.checkpoint(stage["name"])
    progress_path = checkpoint.with_suffix(".json")
    progress = {"epoch": 0, "seconds": 0.0}
    with strategy.scope():
        if checkpoint.exists():
            progress = json.loads(progress_path.read_text())
            gan = keras.models.load_model(checkpoint)
        else:
            # Of the stage's own, so that a resumed run starts it the same.
            keras.utils.set_random_seed(seed + presets.STAGES.index(stage))
            networks = studio.networks(name, is_adversarial)
            if "warm_start" not in without and stage["name"] == name:
                start(studio.decoders.get(name, networks[0]), name)
            gan = compile_gan(*networks, frame_codes(run, studio, name), seed)
    (controls, frames), samples = studio.data(name)
    step = int(gan.generator_optimizer.iterations.numpy())
    pace = presets.pace_of(name, is_adversarial)
    budget = Budget(
        presets.RATES[pace],
        None if steps else seconds,
        steps or studio.most_steps(pace),
        progress["seconds"],
        hold=0.6 if is_adversarial else 0.5,
        count=step,
    )
    gan.fit(
        batches(
            controls,
            frames,
            studio.settings["batch"],
            seed,
            step,
            has_index=gan.codes is not None,
            augment=studio.augmentation(name, is_adversarial, seed),
        ),
        # None where Ctrl-C came between the last checkpoint and the stage's result.
        epochs=10**6 if budget.progress() < 1.0 else 0,
        initial_epoch=progress["epoch"],
        steps_per_epoch=steps_per_epoch(pace, studio.settings["size"]),
        callbacks=[
            budget,
            StageProgress(stage["name"], budget),
            Samples(*samples, run.folder / "samples" / f"{stage['name']}.jpg"),
            JsonLines(run.folder / "log.jsonl", stage["name"], budget),
            keras.callbacks.TensorBoard(
                run.folder / "tensorboard" / stage["name"], write_graph=False
            ),
            Checkpoint(checkpoint, budget),
        ],
        verbose=verbose,
        shuffle=False,
    )
    if name == "whole":
        match_sharpness(gan.ema_generator, studio.face_model, controls, frames)
        run.save_generator(gan.ema_generator)
        run.save_result(stage["name"], gan.ema_generator)
    else:
        if gan.codes is not None:
            run.save_codes(name, gan.codes.own())
        decoder = gan.ema_generator.get_layer(f"{name}_decoder")
        run.save_result(stage["name"], decoder)
        studio.decoders[name].load_weights(result)
    progress_path.unlink(missing_ok=True)


def steps_per_epoch(pace, size):
    """After how many steps the training state is kept."""
    return max(1, STEPS_PER_EPOCH[pace] * 256 // max(size, 256))


def frame_codes(run, studio, name):
    """`FrameCodes` of the training frames, going on from those of earlier stages.

    Mouth, eyes and the whole each have a third of a code's columns. The whole is given
    what mouth and eyes have learned.
    """
    if "codes" in run.config["without"]:
        return None
    noise_size = studio.settings["noise"]
    thirds = np.linspace(0, noise_size, 4).round().astype(int).tolist()
    columns = dict(zip(NETWORKS, pairwise(thirds), strict=True))
    codes = FrameCodes(len(studio.controls[0]), noise_size, *columns[name])
    codes.build()
    given = np.zeros(codes.given.shape, "float32")
    for crop in CROPS:
        if not run.codes(crop).exists():
            continue
        known = np.load(run.codes(crop))
        if crop == name:
            codes.learned.assign(known)
        elif name == "whole":
            given[:, slice(*columns[crop])] = known
    codes.given.assign(given)
    return codes
