"""Data, preset and strategy in; a run out. Repeating the call goes on."""

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait

import keras
import tensorflow as tf

from keras_anchor import presets
from keras_anchor.consent import UNKNOWN, to_public
from keras_anchor.data.takes import Take
from keras_anchor.drive.retarget import measure_ranges
from keras_anchor.generators import CROPS
from keras_anchor.runs import Run
from keras_anchor.stages import train_stage
from keras_anchor.studio import Studio, network_of


def choose_strategy():
    """All GPUs of the machine; with one or none, TensorFlow's default.

    `OneDeviceStrategy` would wrap the data in an autotuned iterator; see `batches`.
    """
    num_gpus = len(tf.config.list_physical_devices("GPU"))
    if num_gpus > 1:
        return tf.distribute.MirroredStrategy()
    return tf.distribute.get_strategy()


def train(
    data_folder,
    run_folder,
    preset=None,
    minutes=8.0,
    steps=None,
    strategy=None,
    seed=0,
    without=(),
    verbose=1,
):
    """Trains an anchor's generator on a take.

    Without a GPU, mouth and eyes are trained at the same time, in processes of their
    own, so a script calls this under `if __name__ == "__main__":`.

    Args:
        preset: Name from `presets.PRESETS`; by default the one of the take's size.
        minutes: Time for all stages together.
        steps: Steps of each stage instead, one after the other, which makes a run
            repeatable.
        strategy: A `tf.distribute` strategy; by default all GPUs, else the processor.
        without: Names from `presets.PARTS` to leave out, to see what they bring.

    Returns:
        The run's folder, a `Path`; it holds `generator.keras`.

    Raises:
        ValueError: If a name is unknown, or the folder holds a run of other settings.
    """
    take = Take(data_folder)
    preset = preset or presets.choose(take.size)
    without = presets.check_parts(without)
    if take.info.get("synthetic", False):
        without |= set(presets.FOOTAGE_PARTS)
    settings = presets.get(preset)
    config = {
        "preset": preset,
        "take": take.name,
        "seed": seed,
        "without": sorted(without),
        "minutes": minutes,
        "steps": steps,
        "fps": take.fps,
        "licence": take.info.get("licence", "unknown"),
        "consent": to_public(take.info.get("consent", UNKNOWN)),
        **settings,
        "channels": take.channels,
    }
    run = Run(run_folder, config)
    if run.is_done:
        print(f"{run.folder} is trained already; another --to trains anew", flush=True)
        return run.folder
    take.face_model.save(run.folder / "face.npz")
    seconds = 60.0 * minutes
    num_gpus = len(tf.config.list_physical_devices("GPU"))
    if verbose:
        print(f"training on {num_gpus or 'no'} GPUs", flush=True)
    stages = presets.STAGES
    if "crops" in without:
        stages = [stage for stage in stages if network_of(stage) not in CROPS]
    if strategy or steps or num_gpus or os.cpu_count() == 1 or "crops" in without:
        seconds /= sum(stage["share"] for stage in stages)
    elif any(is_left(run, stage) for stage in crop_stages(*CROPS)):
        train_crops_apart(run, take, seconds, verbose)
    strategy = strategy or choose_strategy()
    studio = train_stages(run, take, stages, seconds, strategy, verbose)
    run.save_config(ranges=measure_ranges(studio.controls[0]))
    return run.folder


def is_left(run, stage):
    return not run.result(stage["name"]).exists()


def crop_stages(*names):
    return [stage for stage in presets.STAGES if network_of(stage) in names]


def train_stages(run, take, stages, seconds, strategy, verbose):
    """Trains some of the stages, in which a share of 1 takes so many seconds.

    Returns:
        The `Studio` they were trained in.
    """
    keras.utils.set_random_seed(run.config["seed"])
    to_train = {network_of(stage) for stage in stages if is_left(run, stage)}
    with strategy.scope():
        studio = Studio(take, run.config, to_train)
    for stage in stages:
        budget = seconds * stage["share"]
        train_stage(run, studio, stage, budget, run.config["steps"], strategy, verbose)
    return studio


def train_crops_apart(run, take, seconds, verbose):
    """Trains each crop in a process of its own, with its share of the cores.

    Steps on crops are small: two threads draw 250 of them a second, and one draws 290.
    """
    jobs = [(run, take.folder, name, seconds, 2 * min(verbose, 1)) for name in CROPS]
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(len(CROPS), context, end_with_parent) as pool:
        try:
            list(pool.map(train_crop, *zip(*jobs, strict=True)))
        except BaseException:
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise


def end_with_parent():
    """Leaves Ctrl-C to the process that started this one, and goes when that goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch():
        wait([multiprocessing.parent_process().sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def train_crop(run, take_folder, name, seconds, verbose):
    """What one of these processes does."""
    num_threads = max(1, os.cpu_count() // len(CROPS))
    tf.config.threading.set_intra_op_parallelism_threads(num_threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    strategy = choose_strategy()
    stages = crop_stages(name)
    train_stages(run, Take(take_folder), stages, seconds, strategy, verbose)
