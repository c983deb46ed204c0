"""Renders a film segment by segment, and keeps the segments for the next time.

Beside `film.mp4` a folder `.film.mp4.parts` holds each segment as a film without sound,
its sound, its controls, and its notes, under the hash of everything that shapes it.
What is there is not rendered again, so that a change costs no more than it changes, and
a render that was stopped goes on.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np

from keras_anchor import __version__, drive
from keras_anchor.data.video.containers import import_av
from keras_anchor.drive.performing import check_openness
from keras_anchor.drive.speech import Speech
from keras_anchor.drive.viseme_table import VisemeTable
from keras_anchor.files import read_json, write_json, writing
from keras_anchor.film_parts import Part, encode_pictures, join_parts, write_sound
from keras_anchor.films import SOUND_RATE, resample
from keras_anchor.render import Ahead, Renderer
from keras_anchor.script.lock import locked
from keras_anchor.script.poses import perform

# Counted up when the same segment would come out differently.
VERSION = 2


@dataclass
class Shot:
    """What a segment shows.

    Args:
        speech: A `Speech`, with the silence around it.
        compose: Function of the anchor's pixels, uint8 `(size, size, 4)`, and the
            seconds since the segment's start; returns uint8 `(height, width, 3)`.
        cues: What to do when, a list of `drive.cues.Cue`.
        mood: At the start.
        notes: Anything that JSON takes, to be had back from `render_segments`.
    """

    speech: Speech
    compose: Callable
    cues: list = field(default_factory=list)
    mood: str = "neutral"
    notes: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Segment:
    """A stretch of film that is rendered on its own.

    Args:
        shape: All that shapes it, values that JSON takes.
        make: Function without arguments that returns its `Shot`; called only if the
            segment has to be rendered.
        acting: What of `shape` picks blinks and nods, by default all; they differ the
            second time that it comes.
    """

    shape: dict
    make: Callable
    acting: object = None


@dataclass(frozen=True)
class Rendered:
    """A segment that is there: from when on in the film, its files and notes."""

    seconds: float
    part: Part
    controls_path: Path
    notes: dict


def render_segments(
    segments,
    output,
    anchor,
    fps=25,
    openness=1.0,
    seed=0,
    visemes=None,
    num_threads=2,
    find_chapters=None,
    progress=None,
):
    """Renders what is not there yet, and joins all segments to a film.

    Args:
        segments: List of `Segment`.
        output: Path of the film, `.mp4` or `.webm`.
        anchor: An `Anchor`.
        visemes: Path of a `VisemeTable`; by default the package's own.
        find_chapters: Function of the list of `Rendered` that returns the film's
            chapters, `[(seconds, title), ...]`.
        progress: Function of stage, count done and total, or None.

    Returns:
        A list of `Rendered`, one for each segment. Its files stay until the film is
        rendered without that segment.

    Raises:
        ValueError: If another process renders the same film, or a segment cannot be
            made.
    """
    check_openness(openness)
    output, table = Path(output), VisemeTable(visemes) if visemes else None
    folder = output.with_name(f".{output.name}.parts")
    common = {
        "version": [VERSION, __version__, import_av().__version__],
        "anchor": fingerprint(anchor),
        "tables": hash_tables(visemes),
        "settings": [float(fps), float(openness), output.suffix.lower()],
    }
    seeds = find_seeds([s.acting or s.shape for s in segments], seed)
    keys = [
        digest([common, segment.shape, own_seed])[:24]
        for segment, own_seed in zip(segments, seeds, strict=True)
    ]
    with locked(folder):
        renderer, rests, rendered, num_frames = None, {}, [], 0
        for number, segment in enumerate(segments):
            key = keys[number]
            if progress:
                progress("render", number, len(segments))
            if (notes := read_notes(folder, key)) is None:
                renderer = renderer or Renderer(anchor, num_threads=num_threads)
                shot = segment.make()
                performance = perform(
                    shot, seeds[number], anchor, fps, openness, rests, table
                )
                suffix = output.suffix.lower()
                notes = draw(shot, performance, renderer, folder, key, suffix)
            part = Part(
                folder / f"{key}{output.suffix.lower()}",
                folder / f"{key}.wav",
                notes["num_frames"],
            )
            controls_path = folder / f"{key}.npy"
            rendered.append(
                Rendered(num_frames / fps, part, controls_path, notes["notes"])
            )
            num_frames += part.num_frames
        if progress:
            progress("render", len(segments), len(segments))
        chapters = find_chapters(rendered) if find_chapters else ()
        join_parts(output, [item.part for item in rendered], fps, chapters)
        remove_others(folder, keys)
    return rendered


def fingerprint(anchor):
    """What of an anchor shapes a film: its model's hash, its noise, its ranges."""
    formats = anchor.info["formats"]
    hashes = anchor.info.get("files", {})
    models = {name: hashes.get(entry["path"]) for name, entry in formats.items()}
    return [models, anchor.size, anchor.noise.tolist(), anchor.ranges]


def hash_tables(visemes=None):
    """Hashes of the files that say how mouths and moods look, which users may edit."""
    folder = Path(drive.__file__).parent
    paths = sorted(folder.rglob("*.json")) + ([Path(visemes)] if visemes else [])
    return [sha256(path.read_bytes()).hexdigest() for path in paths]


def find_seeds(actings, seed):
    """A seed for each of some values; equal ones are told apart by counting them."""
    seeds, counts = [], {}
    for acting in actings:
        name = digest([acting, seed])
        counts[name] = counts.get(name, 0) + 1
        seeds.append(int(digest([name, counts[name]])[:8], 16))
    return seeds


def digest(value):
    """The hash of a value that JSON takes."""
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def read_notes(folder, key):
    """What was noted of a segment; None if it is not there, or not all of it."""
    path = folder / f"{key}.json"
    if not path.is_file():
        return None
    notes = read_json(path)
    sizes = notes["sizes"]
    return notes if sizes == measure_sizes(folder, key, sizes) else None


def measure_sizes(folder, key, suffixes):
    """`{suffix: bytes}` of a segment's files, None for those that are not there."""
    paths = {suffix: folder / f"{key}{suffix}" for suffix in suffixes}
    return {
        suffix: path.stat().st_size if path.is_file() else None
        for suffix, path in paths.items()
    }


def remove_others(folder, keys):
    """Removes what belongs to no segment of these keys."""
    keys = set(keys)
    for path in folder.iterdir():
        if path.stem not in keys and path.name != "lock":
            path.unlink(missing_ok=True)


def draw(shot, performance, renderer, folder, key, suffix):
    """Draws and writes a segment, its notes last; returns them."""
    fps, num_frames = performance.fps, len(performance.controls)

    def compose():
        for index, controls in enumerate(performance.controls):
            yield shot.compose(renderer(controls), index / fps)

    with writing(folder / f"{key}{suffix}") as part, Ahead(compose()) as frames:
        encode_pictures(part, suffix, frames, fps)
    sound = performance.sound
    if performance.sample_rate != SOUND_RATE:
        sound = resample(sound, performance.sample_rate)
    with writing(folder / f"{key}.wav") as part:
        write_sound(part, sound)
    with writing(folder / f"{key}.npy") as part, part.open("wb") as file:
        np.save(file, performance.controls.astype("float32"))
    sizes = measure_sizes(folder, key, (suffix, ".wav", ".npy"))
    notes = {"num_frames": num_frames, "sizes": sizes, "notes": shot.notes}
    write_json(folder / f"{key}.json", notes)
    return notes
