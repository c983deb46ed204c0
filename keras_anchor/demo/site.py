"""What the page and its anchors consist of: addresses, and what lies there."""

import hashlib
import json
import re
from pathlib import Path

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.demo.contents import PACKED, Bytes, File
from keras_anchor.drive.idle import idle_controls
from keras_anchor.tracker_bundle import face_landmarker_task

ASSETS = Path(__file__).parents[1] / "assets"
PAGE_FOLDER = ASSETS / "page"
# How to make the add-on lies with the page, for `addon.py`; no page asks for it.
RECIPE = "espeak_package"
ESPEAK_FILE = "espeak-ng.js"
IDLE_SECONDS = 20
# The end of the idle loop turns into its beginning in this time.
FADE_SECONDS = 1
DECIMALS = 4
# What the page can render, any of them.
FORMATS = {"web", "tfjs", "tflite_float16", "tflite"}
AGAIN = "Start `keras-anchor demo` again."


def list_site(anchors, page_folder=PAGE_FOLDER, espeak_folder=None, voices=()):
    """Everything there is: `{address: File or Bytes}`.

    Nothing else can be reached, whatever lies beside the files of an anchor.

    Args:
        anchors: `Anchor`s; the first is the one that the page shows.
        espeak_folder: Where the add-on lies, if the page is to have it.
        voices: What the server speaks with.

    Raises:
        ValueError: If the page is not built, or an anchor lacks the browser's model.
    """
    if not (page_folder / "index.html").exists():
        raise ValueError(
            f"The page is not built: {page_folder} has no index.html. Build it with "
            "`cd web_demo && npm ci && npm run build`."
        )
    site = list_folder(page_folder, "/", "of the page")
    site = {a: c for a, c in site.items() if not a.startswith(f"/{RECIPE}/")}
    site["/"] = site["/index.html"]
    site |= list_folder(ASSETS / "listener", "/listener/", "of the listener")
    tracker = Bytes(face_landmarker_task)
    site["/tracker/face_landmarker.task"] = tracker
    if espeak_folder:
        site |= list_folder(espeak_folder, "/espeak/", "of the add-on espeak-ng")
    # A page that knows need not try, which shows as an error in its console.
    has_espeak = f"/espeak/{ESPEAK_FILE}" in site
    site["/voices.json"] = pack_json({"voices": list(voices), "espeak": has_espeak})
    folders = name_folders(anchors)
    for folder, anchor in zip(folders, anchors, strict=True):
        site |= list_anchor(anchor, f"/{folder}/")
    entries = [
        {"name": anchor.name, "folder": folder}
        for folder, anchor in zip(folders, anchors, strict=True)
    ]
    site["/anchors.json"] = pack_json(entries)
    return site


def list_folder(folder, address, what):
    """Every file of a folder; of one that lies there gzipped, the one it came from."""
    site = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            path = path.with_suffix("") if path.suffix == PACKED else path
            name = path.relative_to(folder).as_posix()
            site[address + name] = File(path, f"`{name}` {what}", AGAIN)
    return site


def list_anchor(anchor, address):
    if not FORMATS & anchor.info["formats"].keys():
        raise ValueError(
            f"The anchor `{anchor.name}` has no format that a browser runs: expected "
            f"one of {sorted(FORMATS)}, received {sorted(anchor.info['formats'])}. "
            "Export its run again to add one."
        )
    remedy = f"Copy or export the anchor again. {AGAIN}"
    own = hashlib.sha256((anchor.folder / "anchor.json").read_bytes()).hexdigest()
    hashes = {"anchor.json": own, **anchor.info["files"]}
    return {
        address + name: File(
            anchor.folder / name, f"`{name}` of `{anchor.name}`", remedy, expected
        )
        for name, expected in hashes.items()
    }


def name_folders(anchors):
    """`anchor` for the first, and a folder of their own for the others."""
    folders = ["anchor"]
    for anchor in anchors[1:]:
        # Some file systems do not tell `Mei` from `mei`.
        name = re.sub(r"[^a-z0-9_]+", "-", anchor.name.lower()).strip("-") or "anchor"
        taken = sum(
            re.fullmatch(rf"anchors/{name}(--\d+)?", f) is not None for f in folders
        )
        folders.append(f"anchors/{name}" + (f"--{taken + 1}" if taken else ""))
    return folders


def pack_json(value):
    return Bytes(json.dumps(value).encode())


def idle_loop(anchor):
    """An endless idle performance, of the controls that move and the anchor knows.

    Returns:
        `{"fps", "names", "controls"}`, the last a list of frames, each with a number
        for every name.
    """
    fps = anchor.fps
    num_frames, num_faded = round(IDLE_SECONDS * fps), round(FADE_SECONDS * fps)
    controls = idle_controls(num_frames + num_faded, fps)
    share = np.linspace(0, 1, num_faded, endpoint=False)[:, None]
    after = controls[num_frames:]
    controls = controls[:num_frames]
    controls[:num_faded] = after + share * (controls[:num_faded] - after)
    moving = [
        name
        for name in anchor.names
        if np.ptp(controls[:, ctl.INDEX[name]]) > 10**-DECIMALS
    ]
    columns = controls[:, [ctl.INDEX[name] for name in moving]]
    rounded = columns.astype("float64").round(DECIMALS).tolist()
    return {"fps": fps, "names": moving, "controls": rounded}
