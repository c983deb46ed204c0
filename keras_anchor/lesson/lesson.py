"""Slides and notes to a film: an anchor explains them, slide by slide."""

from hashlib import sha256
from pathlib import Path

from keras_anchor.anchors import Anchor, load_anchor
from keras_anchor.drive.voices import find_voice
from keras_anchor.lesson.notes import read_notes, use_speaker_notes
from keras_anchor.lesson.slides import Slides, read_speaker_notes
from keras_anchor.lesson.stage import Stage
from keras_anchor.performance import check_fps
from keras_anchor.scene.fonts import Font
from keras_anchor.script.beside import check_captions, write_captions
from keras_anchor.script.paragraphs import (
    check_paragraph,
    make_silence,
    speak_paragraph,
    split_long,
)
from keras_anchor.script.parse import ScriptError
from keras_anchor.script.render import (
    caption_runs,
    check_output,
    find_acted,
    read_words,
)
from keras_anchor.script.segments import Segment, Shot, render_segments
from keras_anchor.script.shapes import describe, fingerprint

SILENT_SECONDS, LONGEST_SILENCE = 4.0, 600.0


def make_lesson(
    slides_path,
    notes_path,
    output,
    anchor=None,
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
    corner="right",
    size=0.36,
    height=1080,
    silent_seconds=SILENT_SECONDS,
    skip_unreadable=False,
    progress=None,
    num_threads=2,
):
    """Films a lesson in 16:9, a chapter for each slide.

    As of a script, only what changed is rendered again; see `render_script`, which
    also says what is not said here.

    Args:
        slides_path: `.pdf` or `.pptx`; see `Slides`.
        notes_path: See `parse_notes`; None for the speaker notes of a `.pptx`.
        font: Path of a font for captions in the picture; see `Font`.
        corner, size: Of the anchor; see `Stage`.
        height: Of the film in pixels.
        silent_seconds: How long slides without notes are shown; 0 leaves them out.

    Returns:
        `output`.

    Raises:
        ValueError: For slides or notes that cannot be followed, and says where.
        ModuleNotFoundError: If a package is not installed.
    """
    output = check_output(output)
    check_fps(fps)
    check_captions(captions)
    if not 0.0 <= silent_seconds <= LONGEST_SILENCE:
        raise ValueError(
            f"Expected up to {LONGEST_SILENCE:g} seconds for slides without notes, "
            f"received {silent_seconds:g}."
        )
    find_voice(voice or "en", engine)
    anchor = anchor if isinstance(anchor, Anchor) else load_anchor(anchor)
    speaking = {
        "voice": voice,
        "skip_unreadable": skip_unreadable,
        "engine": engine,
        "pronunciations": read_words(pronunciations),
    }
    shape = speaking | {"pronunciations": fingerprint(pronunciations)}
    shape["font"] = fingerprint(font)
    letters = Font(font) if font else None
    with Slides(slides_path) as slides:
        width = 2 * round(height * 8 / 9)
        stage = Stage(slides, width, height, corner, size, letters)
        steps = read_steps(slides_path, notes_path, slides.num_slides, engine)
        name = notes_path or slides_path
        for step in steps:
            for paragraph in step.paragraphs:
                check_paragraph(paragraph, name, voice, skip_unreadable)
        lesson = Lesson(stage, name, speaking, silent_seconds, burn_captions)
        rendered = render_segments(
            lesson.segments(steps, shape),
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
    return output


def read_steps(slides_path, notes_path, num_slides, engine="espeak"):
    """The lesson's `Step`s, from a file of notes or a PPTX's own."""
    if notes_path is not None:
        return read_notes(notes_path, num_slides, engine)
    if Path(slides_path).suffix.lower() != ".pptx":
        raise ValueError(
            f"{slides_path} holds no notes. Name a text file with what is to be said, "
            "such as notes.md; only a .pptx may bring its own."
        )
    notes = read_speaker_notes(slides_path)
    if len(notes) != num_slides:
        raise ValueError(
            f"LibreOffice drew {num_slides} pages of the {len(notes)} slides in "
            f"{slides_path}. Export it as PDF, and write notes to go with it."
        )
    return use_speaker_notes(notes, str(slides_path), engine)


def find_chapters(rendered):
    """`[(seconds, title), ...]`, one where each step begins."""
    return [
        (item.seconds, item.notes["chapter"])
        for item in rendered
        if item.notes["chapter"]
    ]


class Lesson:
    """Makes a lesson's segments.

    Args:
        stage: A `Stage`.
        name: What errors call the notes.
        speaking: Settings of `speak_paragraph`.
        silent_seconds: How long slides without notes are shown; 0 leaves them out.
        burn_captions: Whether captions are in the picture.
    """

    def __init__(self, stage, name, speaking, silent_seconds, burn_captions=False):
        self.stage, self.name, self.speaking = stage, name, speaking
        self.silent_seconds, self.burn_captions = silent_seconds, burn_captions
        self.hashes = {None: None}

    def segments(self, steps, shape):
        """List of `Segment`, one or more for each `Step`.

        Args:
            shape: What else shapes them, values that JSON takes.
        """
        shape = shape | {
            "stage": [self.stage.height, self.stage.corner, self.stage.side],
            "burnt": self.burn_captions,
        }
        segments, previous = [], None
        for step in steps:
            chapter = step.title or f"Slide {step.slide}"
            silence = [None] if self.silent_seconds else []
            for paragraph in split_long(step.paragraphs) or silence:
                view = {
                    "slide": self.hash_slide(step.slide),
                    "previous": self.hash_slide(previous),
                    "chapter": chapter,
                    "spoken": describe(paragraph) if paragraph else self.silent_seconds,
                }
                make = self.make_function(paragraph, step.slide, previous, chapter)
                segments.append(Segment(shape | view, make))
                previous, chapter = step.slide, ""
        return segments

    def hash_slide(self, number):
        """The hash of a slide's picture; None for none."""
        if number not in self.hashes:
            pixels = self.stage.picture(number).tobytes()
            self.hashes[number] = sha256(pixels).hexdigest()
        return self.hashes[number]

    def make_function(self, paragraph, slide, previous, chapter):
        """What makes a segment's `Shot`."""

        def make():
            if paragraph is None:
                compose = self.stage.composer(slide, previous)
                speech = make_silence(self.silent_seconds)
                notes = {"chapter": chapter, "captions": []}
                return Shot(speech, compose, notes=notes)
            try:
                return self.make_shot(paragraph, slide, previous, chapter)
            except ValueError as error:
                place = f"{self.name}, line {paragraph.line}"
                raise ScriptError(f"{place}: {error}") from error

        return make

    def make_shot(self, paragraph, slide, previous, chapter):
        """Speaks a paragraph in front of its slide."""
        spoken = speak_paragraph(paragraph, **self.speaking)
        captions, burnt = caption_runs(spoken.runs)
        return Shot(
            spoken.speech,
            self.stage.composer(slide, previous, burnt if self.burn_captions else ()),
            find_acted(paragraph, spoken.times),
            paragraph.state.mood,
            {"chapter": chapter, "captions": captions},
        )
