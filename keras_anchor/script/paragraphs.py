"""Speaks paragraphs, and finds when in the speech their cues fall."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from keras_anchor.drive.moods import find_mood
from keras_anchor.drive.speaking import find_pause, find_sentences, speak_sentences
from keras_anchor.drive.speech import Phoneme, Speech, join
from keras_anchor.drive.voices import find_language
from keras_anchor.drive.voices.readable import check_readable
from keras_anchor.films import SOUND_RATE
from keras_anchor.script.parse import WIDE, Paragraph, ScriptError, is_spoken

# Seconds of silence before and after a paragraph, where it is cut out of a longer one,
# and where the voice changes.
BEFORE, AFTER, WITHIN, CHANGE = 0.3, 0.4, 0.2, 0.15
ENDS = "。！？.!?…"
# Longest piece of a paragraph, in letters of about 70 ms; a Chinese character counts
# for three, a second of silence for 14.
LONGEST, WIDE_LETTERS, PAUSE_LETTERS = 800, 3, 14


@dataclass
class Spoken:
    """A paragraph that was spoken.

    Args:
        speech: The whole, with the silence around it.
        times: Seconds of each of the paragraph's cues, in their order.
        runs: `[(start in seconds, text, phonemes since then), ...]`, stretches without
            a pause or change of voice that a cue asked for.
    """

    speech: Speech
    times: list
    runs: list


def split_long(paragraphs):
    """Cuts long paragraphs where sentences end, so that no piece needs much memory."""
    pieces = []
    for paragraph in paragraphs:
        if count_letters(paragraph.text, paragraph.cues) > LONGEST:
            pieces += split_paragraph(paragraph)
        else:
            pieces.append(paragraph)
    return pieces


def split_paragraph(paragraph):
    """The pieces of a paragraph, each with the state that holds when it begins."""
    text, cues = paragraph.text, paragraph.cues
    starts, end = [0], 0
    for sentence in find_sentences(text):
        start = max(text.find(sentence, end), end)
        end = min(len(text), start + len(sentence))
        inside = [cue for cue in cues if starts[-1] <= cue.offset < end]
        if count_letters(text[starts[-1] : end], inside) > LONGEST:
            starts += [start] * (start > starts[-1])
    pieces, state = [], paragraph.state
    for start, end in pairwise([*starts, len(text) + 1]):
        own = [cue for cue in cues if start <= cue.offset < end]
        body = text[start:end].rstrip()
        moved = [replace(cue, offset=min(cue.offset - start, len(body))) for cue in own]
        piece = Paragraph(body, moved, state, paragraph.line)
        piece.continues, piece.is_continued = start > 0, end <= len(text)
        pieces.append(piece)
        state = state.after(own)
    return pieces


def count_letters(text, cues):
    """How long it takes, in letters."""
    pauses = sum(cue.value for cue in cues if cue.kind == "pause")
    num_wide = len(WIDE.findall(text))
    return len(text) + (WIDE_LETTERS - 1) * num_wide + PAUSE_LETTERS * pauses


def find_runs(paragraph, voice):
    """Stretches that one voice says without a pause: `[(start, end, voice), ...]`.

    Args:
        voice: Of the film, where the script names none.
    """
    breaks = [cue for cue in paragraph.cues if cue.kind in ("pause", "voice")]
    edges = {0, len(paragraph.text), *(cue.offset for cue in breaks)}
    runs, current = [], paragraph.state.voice
    for start, end in pairwise(sorted(edges)):
        for cue in breaks:
            if cue.offset == start and cue.kind == "voice":
                current = cue.value
        if is_spoken(paragraph.text[start:end]):
            runs.append((start, end, current or voice))
    return runs


def check_paragraph(paragraph, name, voice=None, skip_unreadable=False):
    """Whether anything of a paragraph is said.

    Args:
        name: What errors call the script.

    Raises:
        ScriptError: If a voice cannot read it, or it is neither text nor a pause.
    """
    runs, is_said = find_runs(paragraph, voice), False
    for start, end, run_voice in runs:
        text = paragraph.text[start:end]
        try:
            check_readable(
                text,
                run_voice or "mixed",
                find_language(run_voice),
                skip_unreadable=skip_unreadable,
            )
            is_said = True
        except ValueError as error:
            # What is left of it when all that is unreadable is left out is nothing.
            if not skip_unreadable:
                raise ScriptError(f"{name}, line {paragraph.line}: {error}") from None
    has_pause = any(cue.kind == "pause" for cue in paragraph.cues)
    if not runs and paragraph.text and not has_pause and not skip_unreadable:
        raise ScriptError(
            f"{name}, line {paragraph.line}: nothing to say in "
            f"{paragraph.text[:40]!r}: expected text with letters or digits. A line "
            "that nobody hears starts with `//`."
        )
    return is_said


def speak_paragraph(paragraph, voice=None, skip_unreadable=False, **settings):
    """Speaks a paragraph, stretch by stretch, each at the pace of the mood then.

    Args:
        voice: Of the film, where the script names none.
        settings: Of `drive.speaking.speak`: `engine`, `pronunciations`.

    Returns:
        A `Spoken`.
    """
    timeline = Timeline(WITHIN if paragraph.continues else BEFORE)
    cues = list(enumerate(paragraph.cues))
    times = [0.0] * len(cues)
    ends = {start: (end, name) for start, end, name in find_runs(paragraph, voice)}
    edges = {len(paragraph.text), *ends, *(cue.offset for _, cue in cues)}
    said_until, spans, mood = 0, [], paragraph.state.mood
    for offset in sorted(edges):
        for number, cue in cues:
            if cue.offset == offset:
                times[number] = timeline.find(offset, spans)
                if cue.kind == "pause":
                    timeline.add_pause(cue.value)
                elif cue.kind == "mood":
                    mood = cue.value
        if offset in ends and offset >= said_until:
            said_until, name = ends[offset]
            text = paragraph.text[offset:said_until]
            try:
                sentences = speak_sentences(
                    text,
                    voice=name,
                    skip_unreadable=skip_unreadable,
                    pace=find_mood(mood).numbers["pace"],
                    **settings,
                )
            except ValueError:
                if not skip_unreadable:
                    raise
                continue
            spans += timeline.add_run(text, offset, sentences)
    after = WITHIN if paragraph.is_continued else AFTER
    return Spoken(timeline.finish(after), times, timeline.runs)


class Timeline:
    """Speech that is put together, and where its text lies in it.

    Args:
        before: Seconds of silence that it begins with.
    """

    def __init__(self, before):
        self.pieces, self.runs = [make_silence(before)], []
        self.seconds, self.pending = before, 0.0
        self.has_begun = False

    def add(self, speech):
        self.pieces.append(speech)
        self.seconds += speech.seconds
        self.has_begun = True

    def add_pause(self, seconds):
        """Adds a silence instead of the natural one."""
        self.pending = 0.0
        self.add(make_silence(seconds))

    def add_run(self, text, offset, sentences):
        """Adds what one voice says without a pause.

        Returns:
            Where each sentence lies: `[(first offset, last offset, start, end), ...]`.
        """
        if self.pending:
            self.add(make_silence(self.pending))
        start, position, spans, phonemes = self.seconds, 0, [], []
        for speech in sentences:
            position = max(text.find(speech.text, position), position)
            begin = offset + position
            position = min(len(text), position + len(speech.text))
            spoken = [phoneme.end for phoneme in speech.phonemes if phoneme.symbol]
            end = self.seconds + (spoken[-1] if spoken else speech.seconds)
            spans.append((begin, offset + position, self.seconds, end))
            shift = self.seconds - start
            phonemes += [
                Phoneme(p.start + shift, p.end + shift, p.symbol)
                for p in speech.phonemes
            ]
            self.add(speech)
        self.runs.append((start, text, phonemes))
        self.pending = find_pause(text) if text.rstrip()[-1:] in ENDS else CHANGE
        return spans

    def find(self, offset, spans):
        """Seconds of a place in the text that was said, or is next."""
        for first, last, start, end in spans:
            if offset < first:
                return start
            if offset < last:
                return start + (end - start) * (offset - first) / (last - first)
        return self.seconds if self.has_begun else 0.0

    def finish(self, after):
        return join([*self.pieces, make_silence(after)])


def make_silence(seconds):
    sound = np.zeros(round(seconds * SOUND_RATE), "float32")
    return Speech(sound, SOUND_RATE, [Phoneme(0.0, seconds, "")])
