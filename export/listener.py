"""The network that listens, as TFLite and TF.js files that say what Keras says.

    python -m keras_anchor.export.listener runs/listener

writes `keras_anchor/assets/listener`: `listener.tflite`, `tfjs/`, `listener.json`.
"""

import argparse
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tensorflow as tf

from keras_anchor import controls as ctl
from keras_anchor.drive.listening.device import device_model
from keras_anchor.drive.listening.hearing import LISTENER, Ear
from keras_anchor.drive.listening.network import Listener
from keras_anchor.drive.listening.outputs import DELAY, HOP, SAMPLE_RATE
from keras_anchor.export.saved_model import RawVariables
from keras_anchor.export.tfjs import write_tfjs
from keras_anchor.export.tflite import check_size, convert
from keras_anchor.export.verify import find_node_packages
from keras_anchor.files import read_json, write_json

# Of controls in [0, 1], after three seconds of sound.
MAX_DIFFERENCE = 1e-3
NUM_HOPS = 300


def load_listener(run_folder):
    """The device's model with the weights of a run, in Keras."""
    run_folder = Path(run_folder)
    config = read_json(run_folder / "config.json")
    listener = Listener(config["controls"], config["visemes"])
    listener.sequence_model().load_weights(run_folder / "listener.weights.h5")
    return device_model(listener, config["controls"], config["visemes"])


def export_listener(run_folder, folder):
    """Writes both formats; nothing at `folder` unless both say what Keras says.

    Returns:
        `{format: largest difference}`, of controls.

    Raises:
        ValueError: If a format differs by more than a thousandth.
    """
    model, folder = load_listener(run_folder), Path(folder)
    specs = [tf.TensorSpec(i.shape, tf.float32, name=i.name) for i in model.inputs]

    def serve(sound, state):
        return model([sound, state], training=False)

    with TemporaryDirectory() as scratch:
        saved, made = f"{scratch}/saved_model", Path(scratch, "listener")
        signatures = {"serving_default": tf.function(serve, input_signature=specs)}
        tf.saved_model.save(RawVariables(model), saved, signatures=signatures)
        flat = convert(saved, is_half=True)
        check_size(flat, model.count_params(), 2)
        made.mkdir()
        (made / "listener.tflite").write_bytes(flat)
        write_tfjs(saved, made / "tfjs", is_half=True)
        differences = measure_differences(model, made)
        if max(differences.values()) > MAX_DIFFERENCE:
            raise ValueError(
                f"The exported listener differs from the Keras model by {differences}, "
                f"{MAX_DIFFERENCE:g} is allowed."
            )
        # A network with fewer shards would leave old ones behind.
        shutil.rmtree(folder / "tfjs", ignore_errors=True)
        shutil.copytree(made, folder, dirs_exist_ok=True)
    facts = {
        "controls": list(ctl.NAMES),
        "sample_rate": SAMPLE_RATE,
        "hop": HOP,
        "delay_hops": DELAY,
        "state_size": model.inputs[1].shape[1],
        "num_parameters": model.count_params(),
        "differences": differences,
    }
    write_json(folder / "listener.json", facts)
    return differences


def measure_differences(model, folder):
    """`{format: largest difference}` of the controls of both formats in a folder."""
    sound = make_sound()
    truth = run_keras(model, sound)
    said = {
        "tflite": Ear(folder / "listener.tflite")(sound),
        "tfjs": run_tfjs(folder / "tfjs", sound),
    }
    return {name: float(np.abs(rows - truth).max()) for name, rows in said.items()}


def make_sound():
    """Something like speech: buzzes that wander, hiss and pauses."""
    rng, times = np.random.default_rng(0), np.arange(NUM_HOPS * HOP) / SAMPLE_RATE
    phase = 2 * np.pi * np.cumsum(120 + 40 * np.sin(2 * times)) / SAMPLE_RATE
    buzz = sum(np.sin(k * phase) / k for k in range(1, 20))
    loudness = np.clip(np.sin(2 * np.pi * 2.5 * times), 0, 1) * (times % 1.5 < 1.1)
    hiss = rng.normal(0, 0.05, len(times))
    return (0.1 * loudness * (buzz + hiss)).astype("float32")


def run_keras(model, sound):
    state, rows = np.zeros(model.inputs[1].shape, "float32"), []
    for hop in sound.reshape(-1, 1, HOP):
        said = model([tf.constant(hop), tf.constant(state)], training=False)
        state, controls = said["new_state"].numpy(), said["controls"].numpy()
        rows.append(controls[0])
    return np.array(rows)


def run_tfjs(folder, sound):
    """Runs TF.js' WebAssembly backend in Node, hop by hop."""
    script = Path(__file__).with_name("run_listener.mjs")
    with TemporaryDirectory() as scratch:
        sound.tofile(Path(scratch, "sound.bin"))
        command = ["node", script, find_node_packages(), folder / "model.json", scratch]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            raise ValueError(f"TF.js does not run: {' '.join(run.stderr.split())}")
        rows = np.fromfile(Path(scratch, "controls.bin"), "float32")
        return rows.reshape(-1, len(ctl.NAMES))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", help="folder that the training wrote")
    parser.add_argument("--to", default=LISTENER.parent)
    options = parser.parse_args()
    print(export_listener(options.run, options.to))
