import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from keras_anchor.demo import addon
from keras_anchor.demo.addon import find_addon, find_data_folder, install_addon

pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and shutil.which("npm")), reason="Node is not installed"
)
BUILD = """
import { mkdir, readFile, writeFile } from "node:fs/promises";
const folder = process.argv[2];
await mkdir(folder, { recursive: true });
const voice = await readFile("node_modules/voice/voice.js");
await writeFile(`${folder}/espeak-ng.js`, voice);
"""


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    # Nothing here asks the network.
    monkeypatch.setenv("npm_config_offline", "true")
    return tmp_path / "data" / "keras-anchor"


@pytest.fixture
def recipe(tmp_path):
    """A recipe as small as can be: its package lies beside it."""
    return write_recipe(tmp_path / "recipe", BUILD)


def write_recipe(folder, build, dependency="file:./voice"):
    (folder / "voice").mkdir(parents=True)
    voice = {"name": "voice", "version": "1.0.0"}
    (folder / "voice" / "package.json").write_text(json.dumps(voice))
    (folder / "voice" / "voice.js").write_text("speak()")
    package = {"type": "module", "dependencies": {"voice": dependency}}
    (folder / "package.json").write_text(json.dumps(package))
    (folder / "build.mjs").write_text(build)
    return folder


def left_behind(folder):
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []


def test_npm_makes_the_addon(recipe, data_folder, capsys):
    assert find_addon() is None
    folder = install_addon(is_agreed=True, recipes=(recipe,))
    assert folder == find_addon() == data_folder / "espeak"
    assert left_behind(data_folder) == ["espeak", "espeak-ng.js"]
    assert (folder / "espeak-ng.js").read_text() == "speak()"
    assert not (recipe / "node_modules").exists()
    said = capsys.readouterr().out
    assert "GNU General Public License" in said
    assert "3.2 MB stay" in said


def test_the_addon_can_be_installed_again(recipe, data_folder):
    for voice in ("one()", "two()"):
        (recipe / "voice" / "voice.js").write_text(voice)
        folder = install_addon(is_agreed=True, recipes=(recipe,))
        assert (folder / "espeak-ng.js").read_text() == voice
    assert left_behind(data_folder) == ["espeak", "espeak-ng.js"]


def test_the_first_recipe_that_is_there_is_used(recipe, tmp_path):
    assert install_addon(is_agreed=True, recipes=(tmp_path / "none", recipe))
    with pytest.raises(ValueError, match="missing from .*none.*npm run build"):
        install_addon(is_agreed=True, recipes=(tmp_path / "none",))


@pytest.mark.parametrize(
    ("build", "dependency", "sentence"),
    [
        (BUILD, "99.0.0", r"`npm install` failed: .*voice"),
        ("process.exit(3)", "file:./voice", r"`node build.mjs` failed: no reason"),
        ("console.error('gone'); process.exit(1)", "file:./voice", "failed: gone"),
        ("", "file:./voice", "made no `espeak-ng.js`"),
    ],
)
def test_what_fails_leaves_nothing_behind(
    tmp_path, data_folder, build, dependency, sentence
):
    recipe = write_recipe(tmp_path / "other", build, dependency)
    with pytest.raises(ValueError, match=f"(?s){sentence}.*Nothing was installed"):
        install_addon(is_agreed=True, recipes=(recipe,))
    assert left_behind(data_folder) == []
    assert find_addon() is None


def test_a_failure_keeps_the_addon_that_was_there(recipe, tmp_path, data_folder):
    install_addon(is_agreed=True, recipes=(recipe,))
    broken = write_recipe(tmp_path / "broken", "process.exit(1)")
    with pytest.raises(ValueError, match="Nothing was installed"):
        install_addon(is_agreed=True, recipes=(broken,))
    assert (find_addon() / "espeak-ng.js").read_text() == "speak()"


def test_offline_is_said(tmp_path, data_folder, monkeypatch):
    monkeypatch.delenv("npm_config_offline")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    recipe = write_recipe(tmp_path / "other", BUILD, "1.0.0")
    with pytest.raises(ValueError, match="check the connection.*Nothing was"):
        install_addon(is_agreed=True, recipes=(recipe,))
    assert left_behind(data_folder) == []


@pytest.mark.parametrize("missing", ["node", "npm"])
def test_without_node_it_says_what_to_install(recipe, monkeypatch, tmp_path, missing):
    programs = tmp_path / "programs"
    programs.mkdir()
    other = {"node": "npm", "npm": "node"}[missing]
    (programs / other).symlink_to(shutil.which(other))
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(ValueError, match=f"no `{missing}`.*https://nodejs.org"):
        install_addon(is_agreed=True, recipes=(recipe,))


def test_where_nobody_can_be_asked_nothing_is_installed(recipe, data_folder):
    result = run_install(recipe, stdin=subprocess.DEVNULL)
    assert "say so: `keras-anchor demo --install-espeak --yes`" in result.stderr
    assert left_behind(data_folder) == []


@pytest.mark.parametrize(
    ("answer", "is_wanted"), [("y", True), ("Yes", True), ("n", False), ("", False)]
)
def test_the_licence_is_agreed_to_or_nothing_happens(
    recipe, data_folder, answer, is_wanted
):
    master, terminal = pty.openpty()
    os.write(master, f"{answer}\n".encode())
    result = run_install(recipe, stdin=terminal)
    os.close(terminal)
    os.close(master)
    assert result.returncode == 0, result.stderr
    assert "Install it? [y/N]" in result.stdout
    assert (find_addon() is not None) is is_wanted
    assert ("Nothing was installed." in result.stdout) is not is_wanted


def run_install(recipe, stdin):
    code = (
        "import sys; from pathlib import Path\n"
        "from keras_anchor.demo.addon import install_addon\n"
        "install_addon(recipes=(Path(sys.argv[1]),))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code, recipe],
        stdin=stdin,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("system", "variable", "expected"),
    [
        ("linux", "XDG_DATA_HOME", "/data/keras-anchor"),
        ("linux", None, "/home/me/.local/share/keras-anchor"),
        ("win32", "LOCALAPPDATA", "/data/keras-anchor"),
        ("win32", None, "/home/me/AppData/Local/keras-anchor"),
    ],
)
def test_data_lies_where_the_system_wants_it(monkeypatch, system, variable, expected):
    home = Path("/home/me")
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(addon.Path, "home", lambda: home)
    if variable:
        monkeypatch.setenv(variable, "/data")
    monkeypatch.setattr(addon.sys, "platform", system)
    try:
        folder = find_data_folder()
    finally:
        monkeypatch.undo()
    assert folder == Path(expected)


def test_the_recipe_of_the_package_is_there():
    assert any((folder / "build.mjs").exists() for folder in addon.RECIPES)
