"""Fixtures: real classes at the smallest size, and everything seeded.

TensorFlow is imported inside fixtures, so that tests that need none stay quick.
"""

import json
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.consent import Consent
from keras_anchor.face_model import FaceModel

# Clips may lie in a folder beside the checkout; they are no part of the project.
FOOTAGE_FOLDERS = sorted(Path(__file__).parents[2].glob("*/footage"))
TINY_SIZE, TINY_NOISE_SIZE = 64, 4

# A shell's background jobs ignore Ctrl-C, and hand that on to what tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish(session):
    """Two virtual processors, so that distribution strategies have two replicas."""
    if "tensorflow" not in sys.modules:
        return
    import tensorflow as tf

    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(
        cpu, [tf.config.LogicalDeviceConfiguration()] * 2
    )


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def footage_folder():
    """Clips of faces that are no part of the repository."""
    folders = [os.environ.get("KERAS_ANCHOR_FOOTAGE", ""), *FOOTAGE_FOLDERS]
    for folder in filter(None, folders):
        if Path(folder).is_dir():
            return Path(folder)
    return pytest.skip("no footage; set KERAS_ANCHOR_FOOTAGE to a folder of clips")


@pytest.fixture(scope="session")
def drawn_video(tmp_path_factory):
    """A film of a presenter who turns the head and opens the jaw."""
    from clips import draw_video

    return draw_video(tmp_path_factory.mktemp("videos") / "drawn.mp4")


@pytest.fixture(scope="module")
def talk_frames():
    """Eight seconds of somebody who talks before a patterned wall."""
    from talk import film_talk

    return film_talk()


@pytest.fixture(scope="module")
def voice():
    """What is heard with `talk_frames`."""
    from talk import speak

    return speak()


@pytest.fixture
def check(tmp_path):
    """Writes a clip and returns its report."""
    from talk import FPS, SAMPLE_RATE

    from keras_anchor.data.check.report import check_footage
    from keras_anchor.films import write_film

    def check(frames, sound=None):
        path = tmp_path / "clip.mp4"
        write_film(path, frames, FPS, sound, SAMPLE_RATE)
        return check_footage(path)

    return check


@pytest.fixture(scope="session")
def tiny_face_model():
    """Twelve points: nine of the head, one of the neck, two of the shoulders."""
    rng = np.random.default_rng(0)
    head = rng.uniform([-0.45, -0.45, 0.0], [0.45, 0.45, 0.3], (9, 3))
    neutral = np.concatenate([head, [[0, 0.6, 0], [-0.6, 0.8, 0], [0.6, 0.8, 0]]])
    offsets = np.zeros((len(ctl.NAMES), 12, 3), "float32")
    offsets[: len(ctl.BLENDSHAPES), :9] = rng.normal(0.0, 0.03, (52, 9, 3))
    offsets[ctl.INDEX["breath"], 10:, 1] = -0.01
    skin = np.tile([[0.0, 0.0, 1.0]], (12, 1))
    skin[9:] = [[0.5, 0.5, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    return FaceModel(
        neutral=neutral.astype("float32"),
        offsets=offsets,
        skin=skin.astype("float32"),
        joints=np.array([[0.0, 0.6, -0.1], [0.0, 0.35, -0.1]], "float32"),
        distance=5.0,
        mouth_box=np.array([-0.25, 0.25, 0.25, 0.5]),
        eyes_box=np.array([-0.5, -0.5, 0.5, -0.25]),
        face_box=np.array([-0.5, -0.75, 0.5, 0.75]),
    )


@pytest.fixture(scope="session")
def tiny_generator(tiny_face_model):
    """The real generator, mouth and eyes included, at 64 x 64."""
    import keras

    from keras_anchor.generators import build_crop_decoder, build_generator
    from keras_anchor.stills import pixels

    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    still = rng.uniform(-0.9, 0.9, (TINY_SIZE, TINY_SIZE, 4)).astype("float32")
    still_points = tiny_face_model.points(ctl.NEUTRAL[None])[0]
    boxes = {"mouth": tiny_face_model.mouth_box, "eyes": tiny_face_model.eyes_box}
    decoders = []
    for name, box in boxes.items():
        left, top, right, bottom = pixels(box, TINY_SIZE)
        decoder = build_crop_decoder(
            name,
            box,
            still_points,
            still[top:bottom, left:right],
            noise_size=TINY_NOISE_SIZE,
            scale=0.25,
            frame_size=TINY_SIZE,
        )
        decoders.append(decoder)
    generator = build_generator(
        tiny_face_model,
        still,
        ctl.NEUTRAL,
        decoders=decoders,
        boxes=list(boxes.values()),
        noise_size=TINY_NOISE_SIZE,
        scale=0.25,
        grid_size=16,
    )
    # Weights start at 0 where only data can make them matter.
    for variable in generator.trainable_variables:
        if not np.any(variable):
            variable.assign(rng.normal(0.0, 0.05, variable.shape))
    return generator


@pytest.fixture(scope="session")
def tiny_run(tiny_generator, tiny_face_model, tmp_path_factory):
    """The folder of a run that has ended."""
    import cv2

    folder = tmp_path_factory.mktemp("runs") / "tiny"
    (folder / "samples").mkdir(parents=True)
    tiny_generator.save(folder / "generator.keras")
    tiny_face_model.save(folder / "face.npz")
    ctl.save_controls(folder)
    config = {"preset": "tiny", "take": "tester", "fps": 25.0, "licence": "CC0"}
    config["consent"] = Consent("Tess", "to test", "2026-01-31", note="t@b.c").to_dict()
    (folder / "config.json").write_text(json.dumps(config))
    log = [
        {"stage": stage, "epoch": epoch, "step": 10 * epoch, "pixel_l1": 1.0 / epoch}
        for stage in ("mouth", "whole")
        for epoch in (1, 2, 3)
    ]
    (folder / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in log))
    sheet = np.full((2 * TINY_SIZE, 8 * TINY_SIZE, 3), 128, "uint8")
    cv2.imwrite(str(folder / "samples" / "whole.jpg"), sheet)
    return folder


@pytest.fixture(scope="session")
def tiny_anchor(tiny_run, tmp_path_factory):
    """An anchor folder, with TF.js where Node and its packages are."""
    from keras_anchor.export import FORMATS, export_anchor
    from keras_anchor.export.tfjs import import_converter
    from keras_anchor.export.verify import find_node_packages

    formats = list(FORMATS)
    try:
        import_converter()
        find_node_packages()
    except (ImportError, ValueError):
        formats.remove("tfjs")
    folder = tmp_path_factory.mktemp("anchors") / "tiny"
    return export_anchor(tiny_run, folder, name="tiny", formats=formats)


@pytest.fixture(scope="session")
def info(tiny_anchor):
    """What the tiny anchor's `anchor.json` says."""
    from keras_anchor.anchors import load_anchor

    return load_anchor(tiny_anchor).info


@pytest.fixture
def full_disk():
    """A context in which no file grows over some bytes: writing fails, for real."""
    resource = pytest.importorskip("resource")

    @contextmanager
    def limit(num_bytes):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (num_bytes, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limit
