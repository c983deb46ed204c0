"""Renders a folder of scripts, one film each."""

from pathlib import Path

from keras_anchor.anchors import Anchor, load_anchor
from keras_anchor.films import CODECS
from keras_anchor.script.render import render_script

SUFFIXES = (".txt", ".script")


class FolderError(ValueError):
    """Some scripts of a folder could not be rendered; the others were."""


def render_folder(
    folder,
    output_folder,
    anchor=None,
    suffix=".mp4",
    performance=False,
    progress=None,
    **settings,
):
    """Renders every script of a folder; one that fails does not stop the others.

    Args:
        folder: With scripts, `.txt` or `.script`, which may name pictures in it.
        output_folder: Gets `NAME.mp4` for `NAME.txt`; made if it is not there.
        anchor: An `Anchor`, or what `load_anchor` takes.
        suffix: Of the films, `.mp4` or `.webm`.
        performance: Whether to write `NAME.csv` beside each film.
        progress: Function of stage, count done and total, or None; the stage is the
            script's name.
        settings: Other arguments of `render_script`.

    Returns:
        `output_folder`.

    Raises:
        ValueError: If there is no script, or two of one name.
        FolderError: A `ValueError` that names each script that failed, and why.
    """
    folder, output_folder = Path(folder), Path(output_folder)
    scripts = find_scripts(folder)
    if output_folder.suffix.lower() in CODECS or output_folder.is_file():
        raise ValueError(
            f"Expected a folder for the films of the scripts in {folder}, received "
            f"{str(output_folder)!r}."
        )
    anchor = anchor if isinstance(anchor, Anchor) else load_anchor(anchor)
    output_folder.mkdir(parents=True, exist_ok=True)
    faults = []
    for script in scripts:
        output = output_folder / f"{script.stem}{suffix}"
        try:
            render_script(
                script,
                output,
                anchor=anchor,
                performance=output.with_suffix(".csv") if performance else None,
                progress=name_stage(progress, script.name),
                **settings,
            )
        # What an hour of another script need not suffer for: its text, its pictures,
        # a full disk. A package that is missing stops all.
        except (ValueError, OSError) as error:
            text = str(error)
            faults.append(text if str(script) in text else f"{script}: {text}")
    if faults:
        if not any(output_folder.iterdir()):
            output_folder.rmdir()
        raise FolderError(
            f"{len(faults)} of {len(scripts)} scripts could not be rendered. "
            + " ".join(faults)
        )
    return output_folder


def find_scripts(folder):
    """The scripts of a folder, in the order of their names."""
    if not folder.is_dir():
        raise ValueError(f"Expected a folder of scripts, {folder} is none.")
    scripts = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
    )
    if not scripts:
        raise ValueError(
            f"There is no script in {folder}. Expected files {' or '.join(SUFFIXES)}."
        )
    stems = [script.stem for script in scripts]
    if twice := sorted({stem for stem in stems if stems.count(stem) > 1}):
        raise ValueError(
            f"{folder} has more than one script called {', '.join(twice)}, whose films "
            "would lie in one place. Rename all but one."
        )
    return scripts


def name_stage(progress, name):
    """A progress function that calls its stage by a name."""
    if progress is None:
        return None
    return lambda stage, count, total: progress(name, count, total)
