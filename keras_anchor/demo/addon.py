"""The add-on espeak-ng, which speaks in the page: found, offered and installed.

It is under the GPL and therefore no part of keras-anchor; npm brings it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from keras_anchor.demo.folders import making
from keras_anchor.demo.site import ESPEAK_FILE, PAGE_FOLDER, RECIPE

NAME = "keras-anchor"
# Where the recipe lies: with the page, or in a clone.
RECIPES = PAGE_FOLDER / RECIPE, Path(__file__).parents[2] / "web_demo" / "espeak"
DESCRIPTION = """\
espeak-ng speaks English and Mandarin in the page itself, where no server does.
It is under the GNU General Public License, version 3 or later, and no part of \
keras-anchor (Apache-2.0).
npm downloads about 10 MB, of which 3.2 MB stay in {folder}."""
NOTHING = "Nothing was installed."
OFFER = (
    'More voices: `pip install "keras-anchor[speech]"` for this machine, or '
    "`keras-anchor demo --install-espeak` for the page (both espeak-ng, GPL)."
)


def find_data_folder():
    """Where a user's data lies, by the customs of the system."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData/Local") / NAME
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / NAME


def find_addon():
    """The folder of the installed add-on, or None."""
    folder = find_data_folder() / "espeak"
    return folder if (folder / ESPEAK_FILE).exists() else None


def install_addon(is_agreed=False, recipes=RECIPES):
    """Asks whether to install the add-on, and does.

    Args:
        is_agreed: Whether the user has said yes already.
        recipes: Folders with `package.json` and `build.mjs`; the first that is there
            is used.

    Returns:
        The folder of the add-on, or None if the user does not want it.

    Raises:
        ValueError: If nobody can be asked, Node is missing, or npm fails; then nothing
            is left behind.
    """
    folder = find_data_folder() / "espeak"
    recipe = next((path for path in recipes if (path / "build.mjs").exists()), None)
    if recipe is None:
        raise ValueError(
            f"How to make the add-on is missing from {recipes[0]}. Build the page "
            "again: `cd web_demo && npm ci && npm run build`."
        )
    node, npm = find_tools()
    print(DESCRIPTION.format(folder=folder), flush=True)
    if not (is_agreed or ask()):
        print(NOTHING)
        return None
    with making(folder) as made:
        make_addon(made.with_name("recipe"), made, recipe, node, npm)
    return folder


def find_tools():
    """Paths of node and npm."""
    tools = [shutil.which(name) for name in ("node", "npm")]
    if None in tools:
        missing = "node" if tools[0] is None else "npm"
        raise ValueError(
            f"To make the add-on takes Node 20 with npm, and there is no `{missing}`. "
            "Install Node from https://nodejs.org. " + NOTHING
        )
    return tools


def ask():
    if not sys.stdin.isatty():
        raise ValueError(
            "Nobody can be asked here whether to install the add-on. If you agree to "
            "its licence, say so: `keras-anchor demo --install-espeak --yes`."
        )
    return input("Install it? [y/N] ").strip().lower() in ("y", "yes")


def make_addon(work, folder, recipe, node, npm):
    """Makes the add-on in `folder`; everything else stays in `work`."""
    shutil.copytree(recipe, work, ignore=shutil.ignore_patterns("node_modules"))
    is_locked = (work / "package-lock.json").exists()
    options = "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"
    run([npm, "ci" if is_locked else "install", *options], work)
    run([node, "build.mjs", str(folder)], work)
    if not (folder / ESPEAK_FILE).exists():
        raise ValueError(f"{recipe} made no `{ESPEAK_FILE}`. {NOTHING}")


def run(command, folder):
    result = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace"
    )
    if result.returncode:
        said = (result.stderr.strip() or result.stdout.strip()).splitlines()
        name = Path(command[0]).stem
        raise ValueError(
            f"`{name} {command[1]}` failed: {summarise(said)}. npm downloads from "
            f"the network: check the connection, and repeat the command. {NOTHING}"
        )


def summarise(lines):
    """What went wrong, out of what npm says around it."""
    told = [line.removeprefix("npm error ").strip() for line in lines]
    told = [line for line in told if line and "complete log" not in line.lower()]
    return " ".join(told)[:300].rstrip(".") or "no reason given"
