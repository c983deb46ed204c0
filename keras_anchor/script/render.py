"""Renders scripts to films, with captions, chapters and the performance beside them."""

import re

from keras_anchor.anchors import Anchor, load_anchor
from keras_anchor.drive.cues import Cue
from keras_anchor.drive.speaking import clean
from keras_anchor.drive.voices import find_voice
from keras_anchor.films import CODECS, check_film_path, check_parent
from keras_anchor.performance import check_fps
from keras_anchor.scene.captions import make_captions
from keras_anchor.scene.fonts import Font
from keras_anchor.scene.overlays import Caption
from keras_anchor.script.beside import check_captions, write_captions, write_controls
from keras_anchor.script.paragraphs import (
    check_paragraph,
    speak_paragraph,
    split_long,
)
from keras_anchor.script.parse import ScriptError, read_script
from keras_anchor.script.segments import Segment, Shot, render_segments
from keras_anchor.script.shapes import ACTED, describe, describe_acting, fingerprint
from keras_anchor.script.stage import Stage, make_scene


def render_script(
    path,
    output,
    anchor=None,
    format="1:1",
    fps=25,
    voice=None,
    engine="espeak",
    openness=1.0,
    seed=0,
    visemes=None,
    pronunciations=None,
    captions=(),
    burn_captions=False,
    font=None,
    performance=None,
    background=None,
    skip_unreadable=False,
    progress=None,
    num_threads=2,
):
    """Renders a script to a film with chapters.

    Paragraphs are rendered one by one and kept in a hidden folder beside the film:
    the same call again renders only what changed, or goes on where it was stopped.

    Args:
        path: Of the script; see `read_script`.
        output: Path of the film, `.mp4` or `.webm`.
        anchor: An `Anchor`, or what `load_anchor` takes.
        format: `1:1`, `16:9` or `9:16`.
        fps: Frames a second, 1 to 240.
        voice, engine: Where the script names no voice; see `find_voice`.
        openness: How far the mouth opens.
        seed: Picks blinks and nods.
        visemes: Path of a `VisemeTable`; by default the package's own.
        pronunciations: Path of a file; see `read_pronunciations`.
        captions: Files to write beside the film: `srt`, `vtt`.
        burn_captions: Whether what is said is seen in the picture.
        font: Path of a font for words in the picture; see `Font`.
        performance: Path of a CSV to write, or None; see `write_performance`.
        background: Where the script names none; see `Scene`.
        skip_unreadable: Leaves out what no voice can read, with a warning.
        progress: Function of stage, count done and total, or None.
        num_threads: Threads to render with.

    Returns:
        `output`.

    Raises:
        ValueError: If the script cannot be followed (`ScriptError`, which says where),
            or an argument is none.
    """
    output = check_output(output)
    check_fps(fps)
    check_captions(captions)
    if performance:
        check_parent(performance)
    # Pictures may have changed since another film.
    make_scene.cache_clear()
    make_scene(format, background)
    find_voice(voice or "en", engine)
    anchor = anchor if isinstance(anchor, Anchor) else load_anchor(anchor)
    paragraphs = split_long(read_script(path, engine))
    is_said = [
        check_paragraph(paragraph, path, voice, skip_unreadable)
        for paragraph in paragraphs
    ]
    letters = Font(font) if font else None
    check_drawable(paragraphs, path, letters, burn_captions)
    if not any(is_said):
        raise ScriptError(f"{path} has nothing to say that can be read.")
    look = {
        "format": format,
        "background": background,
        "burnt": burn_captions,
        "font": letters,
    }
    speaking = {
        "voice": voice,
        "skip_unreadable": skip_unreadable,
        "engine": engine,
        "pronunciations": read_words(pronunciations),
    }
    outside = {**look, "background": fingerprint(background), **speaking}
    outside["font"] = fingerprint(font)
    outside["pronunciations"] = fingerprint(pronunciations)
    rendered = render_segments(
        [
            Segment(
                describe(paragraph) | outside,
                make_function(paragraph, path, look, speaking),
                acting=describe_acting(paragraph),
            )
            for paragraph in paragraphs
        ],
        output,
        anchor,
        fps=fps,
        openness=openness,
        seed=seed,
        visemes=visemes,
        num_threads=num_threads,
        find_chapters=find_chapters,
        progress=progress,
    )
    write_captions(output, captions, rendered)
    if performance:
        write_controls(performance, rendered, fps)
    return output


def read_words(path):
    """How the user wants words to be said, None without a file."""
    if path is None:
        return None
    from keras_anchor.drive.texts import read_pronunciations

    return read_pronunciations(path)


def check_output(output):
    """The path of a film with sound, as a `Path`.

    Raises:
        ValueError: For another suffix, or a folder that is not there.
    """
    output = check_film_path(output)
    if not output.suffix:
        raise ValueError(
            f"Expected a film {' or '.join(f'`{suffix}`' for suffix in CODECS)}, "
            f"received {str(output)!r}."
        )
    return output


def check_drawable(paragraphs, name, font=None, is_burnt=False):
    """Raises `ScriptError` for words in the picture that no font can show."""
    for paragraph in paragraphs:
        words = [(paragraph.line, clean_lines(paragraph.text))] if is_burnt else []
        for cue in paragraph.cues:
            if cue.value and cue.kind in ("caption", "lower-third"):
                words.append((cue.line, "".join(cue.value)))
        for line, text in words:
            try:
                Caption(text, font=font)
            except ValueError as error:
                raise ScriptError(f"{name}, line {line}: {error}") from None


def make_function(paragraph, name, look, speaking):
    """What makes a paragraph's `Shot`, errors with the line that they come from."""

    def make():
        try:
            return make_shot(paragraph, look, speaking)
        except ValueError as error:
            raise ScriptError(f"{name}, line {paragraph.line}: {error}") from error

    return make


def make_shot(paragraph, look, speaking):
    """Speaks a paragraph and sets the stage for it."""
    spoken = speak_paragraph(paragraph, **speaking)
    timed = list(zip(spoken.times, paragraph.cues, strict=True))
    captions, burnt = caption_runs(spoken.runs)
    stage = Stage(
        paragraph,
        spoken,
        look["format"],
        look["background"],
        captions=burnt if look["burnt"] else (),
        font=look["font"],
    )
    notes = {
        "captions": captions,
        "chapters": [(time, cue.value) for time, cue in timed if cue.kind == "chapter"],
    }
    cues = find_acted(paragraph, spoken.times)
    return Shot(spoken.speech, stage, cues, paragraph.state.mood, notes)


def caption_runs(runs):
    """Captions of the runs of a `Spoken`: for files, and for the picture.

    Returns:
        Twice `[(start, end, text), ...]` in seconds of the paragraph.
    """
    captions = [
        caption
        for start, text, phonemes in runs
        for caption in make_captions(text, phonemes, start)
    ]
    return captions, [(start, end, clean_lines(text)) for start, end, text in captions]


def find_acted(paragraph, times):
    """List of `Cue` that the anchor acts; `times` are those of all its cues."""
    return [
        Cue(seconds, cue.kind, cue.value)
        for seconds, cue in zip(times, paragraph.cues, strict=True)
        if cue.kind in ACTED
    ]


def clean_lines(text):
    """Lines without pictures, which fonts lack, and the gaps that they leave."""
    lines = [" ".join(clean(line).split()) for line in text.splitlines()]
    return "\n".join(re.sub(r"\s+(?=[.,;:!?…])", "", line) for line in lines)


def find_chapters(rendered):
    """`[(seconds, title), ...]`; the first begins with the film, or an unnamed one."""
    chapters = [
        (item.seconds + seconds, title)
        for item in rendered
        for seconds, title in item.notes["chapters"]
    ]
    if chapters and chapters[0][0] > 0.0:
        chapters.insert(0, (0.0, ""))
    return chapters
