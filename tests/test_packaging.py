import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ASSETS = ROOT / "keras_anchor" / "assets"
EXPORT = ROOT / "export"
WITHOUT_TENSORFLOW = """
import importlib, sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("tensorflow", "keras"):
            raise ModuleNotFoundError(f"{name} is blocked", name=name)

sys.meta_path.insert(0, Blocker())
for path in sys.argv[1:]:
    importlib.import_module(path)
from keras_anchor import controls
from keras_anchor.anchors import load_anchor
from keras_anchor.render import Renderer
anchor = load_anchor()
frame = Renderer(anchor)(controls.NEUTRAL)
assert frame.shape[:2] == (anchor.size, anchor.size), frame.shape
assert frame.std() > 1
"""


def run(*command, **kwargs):
    """Runs a command that must succeed, and returns what it printed."""
    result = subprocess.run(
        command, capture_output=True, text=True, timeout=600, **kwargs
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_an_anchor_renders_without_tensorflow():
    package, keras_only = ROOT / "keras_anchor", {"network", "device", "train"}
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for room in ("drive", "scene", "script", "lesson", "conversation")
        for path in (package / room).rglob("*.py")
        if path.stem not in {"__init__", *keras_only}
    ]
    modules += ["keras_anchor.demo", "keras_anchor.data.faces", "keras_anchor.render"]
    run(sys.executable, "-c", WITHOUT_TENSORFLOW, *modules)


def test_notice_lists_every_asset_with_its_hash():
    notice = (ROOT / "NOTICE").read_text()
    wrong = []
    for folder in ("presenters", "tracker", "voices", "listener"):
        kinds = "*.np*", "*.tflite", "*.binarypb"
        for path in sorted(p for kind in kinds for p in (ASSETS / folder).glob(kind)):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            entry = f"{path.relative_to(ASSETS)}\n  {digest}\n"
            if entry not in notice:
                wrong.append(entry)
    assert not wrong, "NOTICE should say\n" + "".join(wrong)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy, so that no stale build folder joins in."""
    folder = tmp_path_factory.mktemp("wheel")
    skipped = (".git", ".venv", "node_modules", "build", "out", "takes", "*.egg-info")
    shutil.copytree(
        ROOT, folder / "source", ignore=shutil.ignore_patterns(*skipped), symlinks=True
    )
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps")
    run(*pip, "--wheel-dir", str(folder), str(folder / "source"))
    (path,) = folder.glob("*.whl")
    return path


@pytest.mark.slow
def test_the_wheel_holds_what_it_needs_and_no_more(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    folders = {"keras_anchor": ROOT / "keras_anchor", "keras_anchor/export": EXPORT}
    expected = {
        f"{name}/{path.relative_to(folder).as_posix()}"
        for name, folder in folders.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    metadata = {name for name in names if ".dist-info/" in name}
    assert names - metadata == expected
    assert "keras_anchor/assets/page/index.html" in names
    assert any(name.endswith("licenses/NOTICE") for name in metadata)
    assert any(name.endswith("licenses/LICENSE") for name in metadata)


@pytest.mark.slow
def test_the_wheel_speaks_in_an_empty_environment(wheel, tmp_path):
    av = pytest.importorskip("av")
    extras = re.search(r'pip install "\.\[(.+)\]"', (ROOT / "README.md").read_text())[1]
    venv.create(tmp_path / "venv", with_pip=True)
    programs = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    run(str(programs / "pip"), "install", "--quiet", f"{wheel}[{extras}]")
    command = str(programs / "keras-anchor")
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}

    printed = run(command, "doctor", cwd=tmp_path, env=clean)
    assert "all unchanged" in printed
    assert 'tensorflow                  missing: pip install "keras-' in printed
    run(command, "say", "hello", "-o", "film.mp4", cwd=tmp_path, env=clean)
    with av.open(str(tmp_path / "film.mp4")) as film:
        kinds = {stream.type for stream in film.streams}
        assert kinds == {"video", "audio"}
        assert film.duration / 1e6 > 0.3
