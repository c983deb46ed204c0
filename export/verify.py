"""Whether every exported model draws what the Keras generator draws."""

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tensorflow as tf

from keras_anchor import controls as ctl
from keras_anchor.export.web import run_web

NUM_FRAMES = 64
# Of frames in [-1, 1], for models with float32 weights.
MAX_DIFFERENCE = 1e-3
# In dB, for models with float16 weights, and with int8.
MIN_PSNR = 45.0
MIN_INT8_PSNR = 38.0
NODE_PACKAGES = (
    "@tensorflow/tfjs-core",
    "@tensorflow/tfjs-converter",
    "@tensorflow/tfjs-backend-wasm",
)
REPOSITORY_PAGE = Path(__file__).parents[1] / "web_demo"


def sample_controls(num_frames=NUM_FRAMES, seed=0):
    """`(num_frames, 62)`: half anywhere in the ranges, half expressions in motion."""
    rng = np.random.default_rng(seed)
    anywhere = rng.uniform(ctl.LOW, ctl.HIGH, (num_frames, len(ctl.NAMES)))
    pose = np.arange(len(ctl.NAMES)) >= len(ctl.BLENDSHAPES)
    expressions = [ctl.pack(values) for values in ctl.EXPRESSIONS.values()]
    count = num_frames // 2
    rows = np.resize(expressions, (count, len(ctl.NAMES)))
    anywhere[:count] = rows + 0.3 * anywhere[:count] * pose
    return ctl.clip(anywhere)


def verify_formats(generator, paths, noise, half=("tflite_float16",)):
    """Draws the same 64 frames with Keras and with every exported model.

    Args:
        paths: `{format name: path of the exported model}`.
        noise: `(noise_size,)`, the same for every frame.
        half: Formats that hold float16 weights: these may differ, but little. So may
            `web`, which holds int8.

    Returns:
        `{format name: {"largest_difference", "mean_difference", "psnr"}}`, of frames
        in `[-1, 1]`; `psnr` in dB, None where nothing differs.

    Raises:
        ValueError: If a model differs by more than its limit.
    """
    controls = sample_controls()
    noise = np.tile(np.asarray(noise, "float32"), (len(controls), 1))
    frames = predict(generator, controls, noise)
    differences = {}
    for format_name, path in paths.items():
        drawn = RUNNERS[format_name](path, controls, noise)
        differences[format_name] = compare(frames, drawn.reshape(frames.shape))
        limits = dict.fromkeys(half, MIN_PSNR) | {"web": MIN_INT8_PSNR}
        check(format_name, differences[format_name], limits.get(format_name))
    return differences


def predict(generator, controls, noise):
    batches = zip(np.split(controls, 8), np.split(noise, 8), strict=True)
    return np.concatenate([generator(batch, training=False) for batch in batches])


def compare(frames, drawn):
    difference = np.abs(frames - drawn)
    squared = float(np.mean(np.square(difference, dtype="float64")))
    return {
        "largest_difference": float(difference.max()),
        "mean_difference": float(difference.mean()),
        "psnr": float(10.0 * np.log10(4.0 / squared)) if squared else None,
    }


def check(format_name, difference, min_psnr=None):
    """Raises `ValueError` if a format differs by more than its limit.

    Args:
        min_psnr: In dB, where weights were rounded; None holds it to `MAX_DIFFERENCE`.
    """
    largest, psnr = difference["largest_difference"], difference["psnr"]
    if min_psnr is not None:
        is_close = psnr is None or psnr >= min_psnr
        text = f"has a PSNR of {psnr} dB, and {min_psnr:g} is needed"
    else:
        is_close = largest <= MAX_DIFFERENCE
        text = f"differs by up to {largest:.2g}, and {MAX_DIFFERENCE:g} is allowed"
    if not is_close:
        raise ValueError(
            f"The {format_name} model does not draw what the Keras generator draws: "
            f"over {NUM_FRAMES} frames it {text}. Nothing was exported. Look for an "
            "operation that this format runs differently."
        )


def run_saved_model(folder, controls, noise):
    """As loaders do that know nothing of Keras or of Python's objects: by its graph."""
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        loaded = tf.compat.v1.saved_model.load(session, ["serve"], str(folder))
        signature = loaded.signature_def["serving_default"]
        frames = signature.outputs["frames"].name
        inputs = [signature.inputs[name].name for name in ("controls", "noise")]
        batches = zip(np.split(controls, 8), np.split(noise, 8), strict=True)
        return np.concatenate(
            [
                session.run(frames, dict(zip(inputs, batch, strict=True)))
                for batch in batches
            ]
        )


def run_tflite(path, controls, noise):
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(str(path)).get_signature_runner("serving_default")
    return np.concatenate(
        [
            runner(
                controls=controls[index : index + 1], noise=noise[index : index + 1]
            )["frames"].copy()
            for index in range(len(controls))
        ]
    )


def run_tfjs(path, controls, noise):
    """Runs TF.js' WebAssembly backend in Node, without a browser."""
    packages = find_node_packages()
    with TemporaryDirectory() as folder:
        controls.tofile(Path(folder, "controls.bin"))
        noise.tofile(Path(folder, "noise.bin"))
        script = Path(__file__).with_name("run_tfjs.mjs")
        run = subprocess.run(
            ["node", script, packages, path, folder], capture_output=True, text=True
        )
        if run.returncode:
            reason = " ".join(run.stderr.split())
            raise ValueError(f"TF.js not verified: the model does not run: {reason}")
        return np.fromfile(Path(folder, "frames.bin"), "float32")


def find_node_packages():
    """The folder whose `node_modules` holds TF.js: the page's, or where we are.

    Raises:
        ValueError: If Node or the packages are missing.
    """
    if shutil.which("node") is None:
        raise ValueError(
            "TF.js not verified: `node` is missing. Install Node 20, or export "
            "without the format `tfjs`."
        )
    for folder in (REPOSITORY_PAGE, Path.cwd()):
        if all((folder / "node_modules" / name).is_dir() for name in NODE_PACKAGES):
            return folder
    raise ValueError(
        "TF.js not verified: its npm packages are missing. Run `npm ci` in web_demo, "
        f"or `npm install {' '.join(NODE_PACKAGES)}` where you are, or export without "
        "the format `tfjs`."
    )


RUNNERS = {
    "saved_model": run_saved_model,
    "tflite": run_tflite,
    "tflite_float16": run_tflite,
    "tfjs": run_tfjs,
    "web": run_web,
}
