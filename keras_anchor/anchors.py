"""The anchor folder: what a user shares and a device renders.

`anchor.json` says everything a renderer needs and holds the sha256 of every other
file. Reading needs numpy alone.
"""

import json
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.consent import UNKNOWN
from keras_anchor.files import writing

VERSION = 1
SHIPPED_FOLDER = Path(__file__).parent / "assets" / "anchors"
DEFAULT_NAME = "adam"
MAX_UNPACKED_BYTES = 1_000_000_000
DAMAGE = KeyError, TypeError, AttributeError, json.JSONDecodeError, UnicodeDecodeError


@dataclass
class Anchor:
    """An anchor that was read and found whole.

    Args:
        folder: Where its files lie.
        info: Everything `anchor.json` says.
        unpacked: Keeps the files of a zip for as long as the anchor is in use.
    """

    folder: Path
    info: dict
    unpacked: tempfile.TemporaryDirectory | None = None

    def __post_init__(self):
        self.name = self.info["name"]
        self.size = self.info["size"]
        self.alpha = self.info["alpha"]
        self.fps = self.info["fps"]
        self.noise = np.array(self.info["noise"], "float32")
        self.neutral = ctl.pack(self.info["neutral"])
        # Older anchors don't say what their takes showed.
        self.ranges = ctl.RANGES | self.info.get("ranges", {})
        self.names = ctl.load_names(self.folder)

    def path(self, format_name):
        """Where the model in a format lies, such as `tflite_float16`."""
        formats = self.info["formats"]
        if format_name not in formats:
            raise ValueError(
                f"The anchor `{self.name}` has no format {format_name!r}. It has "
                f"{list(formats)}. Export its run again to add one."
            )
        return self.folder / formats[format_name]["path"]


def write_anchor(
    folder,
    name,
    *,
    size,
    alpha,
    fps,
    noise,
    formats,
    neutral=None,
    ranges=None,
    poster="poster.png",
    report="report.html",
    licence="unknown",
    consent=UNKNOWN,
    training=None,
    metrics=None,
):
    """Writes `anchor.json` over the files that lie in `folder` by now, and returns it.

    Args:
        size, alpha: Side of a frame in pixels, and whether frames are RGBA.
        noise: `(noise_size,)`, the identity or light that is shown.
        formats: `{format name: path in the folder}`.
        neutral: `{control: number}` at rest; zeros are left out.
        ranges: `{control: [low, usual, high]}` that the take showed.
        licence: Under which the anchor is given away.
        consent: Who agreed to be shown, or why nobody had to, any dict.
        training, metrics: How it was trained and how good it is, any dicts.
    """
    folder = Path(folder)
    info = {
        "version": VERSION,
        "name": name,
        "synthetic": True,
        "size": int(size),
        "alpha": bool(alpha),
        "fps": float(fps),
        "noise": [float(value) for value in noise],
        "neutral": dict(neutral or {}),
        "ranges": ranges or {},
        "formats": {key: {"path": path} for key, path in formats.items()},
        "files": hash_files(folder),
        "poster": poster,
        "report": report,
        "licence": licence,
        "consent": consent,
        "training": training or {},
        "metrics": metrics or {},
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    text = json.dumps(info, indent=1, ensure_ascii=False, allow_nan=False)
    with writing(folder / "anchor.json") as part:
        part.write_text(text + "\n", encoding="utf-8")
    return info


def hash_files(folder):
    """`{relative path: sha256}` of every file but `anchor.json`."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / "anchor.json"
    }


def load_anchor(path_or_name=None):
    """Reads an anchor and checks that every file is as it was exported.

    Args:
        path_or_name: A folder, a zip of one, or the name of a shipped anchor; None
            for the default one. `./adam` is a folder where `adam` is shipped.

    Raises:
        ValueError: If there is none, it is newer than this version, or was changed.
    """
    shipped = list_shipped()
    if path_or_name is None:
        if not shipped:
            raise ValueError(
                "No anchor is shipped with this installation. Name a folder or a zip, "
                "or make one with `keras-anchor all`."
            )
        path_or_name = DEFAULT_NAME if DEFAULT_NAME in shipped else shipped[0]
    if str(path_or_name) in shipped:
        return read_folder(SHIPPED_FOLDER / str(path_or_name))
    path = Path(path_or_name)
    if path.is_dir():
        return read_folder(path)
    if path.is_file():
        return read_zip(path)
    raise ValueError(
        f"There is no anchor at `{path}`. Expected a folder with `anchor.json`, a zip "
        f"of one, or one of the shipped anchors {shipped}."
    )


def list_shipped():
    """Names of the anchors that come with the package."""
    return sorted(path.parent.name for path in SHIPPED_FOLDER.glob("*/anchor.json"))


def read_folder(folder, unpacked=None):
    path = folder / "anchor.json"
    if not path.exists():
        raise ValueError(
            f"{folder} is no anchor: it has no `anchor.json`. Make one with "
            "`keras-anchor export`."
        )
    try:
        info = json.loads(path.read_text(encoding="utf-8"))
        version = info["version"]
        if version > VERSION:
            raise ValueError(
                f"The anchor in {folder} has version {version}, and this keras-anchor "
                f"reads versions up to {VERSION}. Upgrade it: "
                "`pip install --upgrade keras-anchor`."
            )
        check_files(folder, info)
        return Anchor(folder, info, unpacked)
    except DAMAGE as error:
        raise ValueError(
            f"{path} is damaged ({type(error).__name__}: {error}). Export the anchor "
            "again, or copy it again from where it came."
        ) from None


def check_files(folder, info):
    """Raises `ValueError` where files are missing, changed, or lie elsewhere."""
    files = info["files"]
    named = [entry["path"] for entry in info["formats"].values()]
    for name in [*files, *named, info["poster"], info["report"]]:
        check_inside(name, folder / "anchor.json")
    for name, expected in files.items():
        path = folder / name
        if not path.is_file():
            raise ValueError(
                f"`{name}` is missing from the anchor in {folder}. Copy or export the "
                "anchor again."
            )
        if sha256(path.read_bytes()).hexdigest() != expected:
            raise ValueError(
                f"`{name}` in {folder} is not the file that was exported: its sha256 "
                "differs from `anchor.json`. Copy or export the anchor again."
            )
    for name in named:
        if not any(file == name or file.startswith(f"{name}/") for file in files):
            raise ValueError(
                f"`anchor.json` in {folder} names the model `{name}`, but lists no "
                "sha256 for it. Export the anchor again."
            )


def check_inside(name, source):
    """Raises `ValueError` if a relative path leads out of its folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise ValueError(
            f"{source} names `{name}`, which lies outside the anchor. Don't use this "
            "anchor: it was not made by `keras-anchor export`."
        )


def is_of_finder(name):
    """Whether macOS put it into a zip by itself."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts[:1] or ".DS_Store" in parts[-1:]


def read_zip(path):
    """Reads an anchor from a zip whose root, or only folder, holds `anchor.json`."""
    unpacked = tempfile.TemporaryDirectory(prefix="keras-anchor-")
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [e for e in archive.infolist() if not is_of_finder(e.filename)]
            for entry in entries:
                check_inside(entry.filename, path)
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise ValueError(
                    f"{path} unpacks to more than {MAX_UNPACKED_BYTES / 1e9:g} GB, "
                    "which no anchor does. Unzip it yourself if you trust it."
                )
            archive.extractall(unpacked.name, entries)
    except (zipfile.BadZipFile, zlib.error, RuntimeError) as error:
        raise ValueError(  # RuntimeError: it has a password, or a method Python lacks.
            f"{path} is no anchor ({error}): expected a zip or a folder with "
            "`anchor.json`."
        ) from None
    folder = Path(unpacked.name)
    inner = list(folder.iterdir())
    if len(inner) == 1 and inner[0].is_dir():
        folder = inner[0]
    return read_folder(folder, unpacked)
