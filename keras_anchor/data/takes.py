"""A take on disk: a TensorFlow Datasets folder with its controls, face and sound."""

import shutil
import wave
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.data.shards import SPLITS, write_frames
from keras_anchor.face_model import FaceModel
from keras_anchor.files import read_json, write_json
from keras_anchor.frames import middles, write_picture

TRAIN_SHARE = 0.85


def write_take(
    folder,
    frames,
    controls,
    fps,
    name,
    face_model,
    is_train=None,
    sound=None,
    sample_rate=0,
    info=None,
):
    """Writes a take that `Take` and `tfds.builder_from_directory` read.

    Everything goes to a folder beside `folder`, which is renamed at the end, so that
    an interrupted take never looks like a whole one.

    Args:
        folder: Where the take will lie. It must not exist.
        frames: Iterable of uint8 `(size, size, 3 or 4)`, one for each row of
            `controls`; it is read once and never held in memory.
        controls: `(num_frames, 62)`.
        is_train: `(num_frames,)` booleans; the first 85 % by default.
        sound: Mono `(num_samples,)` float in `[-1, 1]`, or an iterable of int16 blocks
            of it, read once; or None.
        info: A dict of anything else worth keeping in `take.json`.

    Returns:
        The folder, as a `Path`.

    Raises:
        ValueError: If the folder exists, or frames and controls do not fit together.
    """
    folder = Path(folder)
    controls = np.asarray(controls, "float32")
    num_frames = len(controls)
    if is_train is None:
        is_train = np.arange(num_frames) < max(1, round(TRAIN_SHARE * num_frames))
    check_free(folder)
    check_shapes(controls, is_train)
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        # First the sound: should it be damaged, one hears of it before the long work.
        if sound is not None:
            write_wav(part / "sound.wav", sound, sample_rate)
        shape, sheet = write_frames(part, frames, controls, is_train)
        write_picture(part / "contact_sheet.jpg", sheet)
        ctl.save_controls(part)
        face_model.save(part / "face.npz")
        num_train = int(np.count_nonzero(is_train))
        facts = {
            "version": 1,
            "name": name,
            "fps": float(fps),
            "size": shape[0],
            "channels": shape[-1],
            "num_frames": num_frames,
            "splits": {"train": num_train, "heldout": num_frames - num_train},
        }
        write_json(part / "take.json", {**(info or {}), **facts})
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def check_free(folder):
    """Raises `ValueError` if `folder` exists."""
    if Path(folder).exists():
        raise ValueError(
            f"{folder} exists already. Choose another folder, or remove it first."
        )


def check_shapes(controls, is_train):
    if controls.ndim != 2 or controls.shape[1] != len(ctl.NAMES) or not len(controls):
        raise ValueError(
            f"Expected `controls` of shape (num_frames, {len(ctl.NAMES)}), received "
            f"{controls.shape}."
        )
    if not np.isfinite(controls).all():
        row = int(np.argmax(~np.isfinite(controls).all(1)))
        raise ValueError(f"`controls` of frame {row} are not finite numbers.")
    if np.shape(is_train) != (len(controls),):
        raise ValueError(
            f"Expected `is_train` of shape ({len(controls)},), one for each row of "
            f"`controls`, received {np.shape(is_train)}."
        )


def write_wav(path, sound, sample_rate):
    """Mono 16-bit sound of `(num_samples,)` floats in `[-1, 1]`, or of int16 blocks."""
    if isinstance(sound, np.ndarray):
        samples = np.clip(np.asarray(sound, "float32"), -1.0, 1.0)
        sound = [np.rint(samples * 32767.0)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(int(sample_rate))
        for block in sound:
            file.writeframes(block.astype("<i2").tobytes())


class Take:
    """A take read from its folder.

    Raises:
        ValueError: If the folder is no take, is damaged, or has controls this version
            lacks.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        path = self.folder / "take.json"
        if not path.exists():
            raise ValueError(
                f"{folder} is no take: it has no `take.json`. Make one with "
                "`keras-anchor capture` or `keras-anchor presenter`."
            )
        self.info = read_json(path)
        self.names = ctl.load_names(self.folder)
        try:
            self.name = self.info["name"]
            self.size = self.info["size"]
            self.channels = self.info["channels"]
            self.fps = self.info["fps"]
            self.counts = {split: self.info["splits"][split] for split in SPLITS}
        except (KeyError, TypeError) as error:
            raise ValueError(
                f"{path} is damaged ({error!r}). Make the take again."
            ) from None

    def num_frames(self, split):
        """How many frames `train` or `heldout` has."""
        if split not in SPLITS:
            raise ValueError(f"Expected a split of {list(SPLITS)}, received {split!r}.")
        return self.counts[split]

    @cached_property
    def face_model(self):
        path = self.folder / "face.npz"
        try:
            face_model = FaceModel.load(path)
        except (BadZipFile, EOFError, KeyError, ValueError) as error:
            raise ValueError(
                f"{path} is damaged ({error!r}). Make the take again."
            ) from None
        offsets = np.zeros((len(ctl.NAMES), *face_model.neutral.shape), "float32")
        offsets[[ctl.INDEX[name] for name in self.names]] = face_model.offsets
        face_model.offsets = offsets
        return face_model

    def dataset(self, split):
        """`tf.data` of `(controls (62,) float32, frame uint8)` in the take's order."""
        import tensorflow as tf
        import tensorflow_datasets as tfds

        self.num_frames(split)
        for name in ("dataset_info.json", "features.json"):
            if not (self.folder / name).exists():
                raise ValueError(
                    f"{self.folder} is half a take: `{name}` is missing. Make the take "
                    "again."
                )
            read_json(self.folder / name)
        builder = tfds.builder_from_directory(str(self.folder))
        # Matched by name: a control the take lacks is neutral.
        places = tf.one_hot([ctl.INDEX[name] for name in self.names], len(ctl.NAMES))
        absent = tf.constant(ctl.NEUTRAL) * (1.0 - tf.reduce_sum(places, 0))

        def unpack(example):
            controls = tf.tensordot(example["controls"], places, 1) + absent
            parts = [example[key] for key in ("colour", "matte") if key in example]
            return controls, tf.concat(parts, -1)

        read_config = tfds.ReadConfig(interleave_cycle_length=1)
        examples = builder.as_dataset(split=split, read_config=read_config)
        return examples.map(unpack, num_parallel_calls=tf.data.AUTOTUNE)

    def arrays(self, split, at_most=None):
        """Everything: frames uint8 `(n, size, size, channels)`, controls `(n, 62)`.

        Args:
            at_most: So many frames, evenly spaced.

        Raises:
            ValueError: If frames are missing or damaged.
        """
        import tensorflow as tf

        num_frames = self.num_frames(split)
        count = min(num_frames, at_most or num_frames)
        frames = np.empty((count, self.size, self.size, self.channels), "uint8")
        controls = np.empty((count, len(ctl.NAMES)), "float32")
        if not count:
            return frames, controls
        places = {place: i for i, place in enumerate(middles(num_frames, count))}
        dataset = self.dataset(split).prefetch(64)
        try:
            for index, (row, frame) in enumerate(dataset.as_numpy_iterator()):
                if index in places:
                    controls[places[index]], frames[places[index]] = row, frame
        except tf.errors.OpError as error:
            raise ValueError(
                f"The frames of {self.folder} cannot be read: {error.message}. Copy "
                "the take again from where it came, or make it again."
            ) from None
        return frames, controls

    def sound(self):
        """`(samples float32 (n,) in [-1, 1], sample_rate)`, or None."""
        path = self.folder / "sound.wav"
        if not path.exists():
            return None
        with wave.open(str(path), "rb") as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            return samples.astype("float32") / 32767.0, file.getframerate()
