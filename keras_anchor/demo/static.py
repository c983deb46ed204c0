"""The page and its anchors as a folder that any web server can give away."""

import json
import shutil
from pathlib import Path

from keras_anchor.demo.addon import find_addon
from keras_anchor.demo.contents import PACKED, File
from keras_anchor.demo.folders import making
from keras_anchor.demo.headers import (
    FOREVER,
    HEADERS,
    PAGE_POLICY,
    POLICY,
    SCRIPTS,
    WORKER_POLICY,
    write_policy,
)
from keras_anchor.demo.server import load_anchors
from keras_anchor.demo.site import PAGE_FOLDER, list_site

# Says which files are ours, so that nothing else is ever overwritten.
LIST = "site.json"
README = """\
A virtual anchor, made by keras-anchor
======================================

Give this folder away with any web server over https (browsers allow camera and
microphone only there, or on localhost). It runs in the visitor's browser; what a
visitor types, says or shows is not sent to the server.

Headers
-------
The file `_headers` tells them to Netlify and Cloudflare Pages. Any other host should
send these with every file:

{headers}

The first two give the page threads. Without them its service worker adds them, after
one reload; where a browser refuses service workers it runs on one thread. With scripts
(.js), script-src and worker-src need blob: as well; see `_headers`. Files under assets/
have a hash in their names and may be kept forever.

.wasm must be sent as application/wasm. What lies beside a file with `.gz` after its
name is the same file compressed, for servers that use it (nginx: gzip_static on).

Licences
--------
The page: licenses.md. The anchor: `licence` and `consent` in anchor/anchor.json; it is
synthetic, and shown as such.{espeak}
"""
ESPEAK = """
The voice in espeak/ is eSpeak NG, under the GNU General Public License, version 3 or
later: hand on espeak/COPYING and espeak/SOURCE.md with it."""


def write_site(anchor, folder, with_espeak=False, page_folder=PAGE_FOLDER):
    """Writes a static site, whole or not at all.

    Args:
        anchor: As for `serve`.
        folder: To make; one that an earlier call made is replaced.
        with_espeak: Whether the add-on goes along.

    Returns:
        The folder.

    Raises:
        ValueError: If the folder holds something else, or the add-on is wanted and not
            installed.
    """
    folder = Path(folder)
    check_folder(folder)
    espeak_folder = find_addon() if with_espeak else None
    if with_espeak and espeak_folder is None:
        raise ValueError(
            "The add-on espeak-ng is not installed. Install it first: "
            "`keras-anchor demo --install-espeak`."
        )
    anchors = load_anchors(anchor)
    site = list_site(anchors, page_folder, espeak_folder)
    with making(folder) as made:
        write_files(site, made, describe_site(with_espeak))
    return folder


def write_files(site, folder, readme):
    del site["/"]  # The same as `/index.html`.
    for address, content in site.items():
        path = folder / address.removeprefix("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        body = content.open()
        with body.file, path.open("wb") as target:
            shutil.copyfileobj(body.file, target)
        if isinstance(content, File) and content.packed_path.exists():
            shutil.copyfile(content.packed_path, f"{path}{PACKED}")
    (folder / "_headers").write_text(write_rules(site), encoding="utf-8")
    (folder / "README.txt").write_text(readme, encoding="utf-8")
    names = list_names(folder)
    (folder / LIST).write_text(json.dumps({"files": names}), encoding="utf-8")


def write_rules(site):
    """Which headers a host shall send with what, in the form of Netlify."""
    page, worker = write_policy(PAGE_POLICY), write_policy(WORKER_POLICY)
    rules = {"/*": HEADERS, "/": {POLICY: page}, "/index.html": {POLICY: page}}
    for address in sorted(site):
        if address.endswith(SCRIPTS):
            # Hosts match the beginning of an address alone.
            top, _, rest = address[1:].partition("/")
            rules[f"/{top}/*" if rest else address] = {POLICY: worker}
    rules["/assets/*"] = {**rules.get("/assets/*", {}), "Cache-Control": FOREVER}
    return "".join(
        f"{address}\n" + "".join(f"  {name}: {value}\n" for name, value in own.items())
        for address, own in rules.items()
    )


def describe_site(with_espeak):
    common = {**HEADERS, POLICY: write_policy(PAGE_POLICY)}
    headers = "\n".join(f"    {name}: {value}" for name, value in common.items())
    return README.format(headers=headers, espeak=ESPEAK if with_espeak else "")


def check_folder(folder):
    """Raises `ValueError` unless nothing but an earlier site would be lost."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ValueError(f"Expected a folder to make, and {folder} is a file.")
    strangers = sorted({*list_names(folder)} - {LIST, *list_made(folder)})
    if strangers:
        raise ValueError(
            f"{folder} holds `{strangers[0]}`, which is of no earlier site. Move it "
            "away, or name another folder."
        )


def list_made(folder):
    """Names of the files that an earlier site consists of."""
    try:
        return json.loads((folder / LIST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def list_names(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir()
    )
