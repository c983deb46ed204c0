"""The anchor answers live: what is typed or said goes in, speech and pictures come out.

Four threads share one clock, the sound device's where there is one: answering and
speaking (`turns.py`), performing ahead of time (`stage.py`), the clock (`sounds.py`),
and this one, which draws.
"""

import functools
import os
import sys
from contextlib import ExitStack

import numpy as np

from keras_anchor.anchors import Anchor, load_anchor
from keras_anchor.conversation.answers import Answers
from keras_anchor.conversation.endpoint import SYSTEM, Endpoint
from keras_anchor.conversation.hearing import Hearing
from keras_anchor.conversation.journal import Journal
from keras_anchor.conversation.microphone import Microphone
from keras_anchor.conversation.pictures import Film, Pictures, Window
from keras_anchor.conversation.recognition import Whisper
from keras_anchor.conversation.rehearsal import warm_up
from keras_anchor.conversation.sounds import Clock, find_sample_rate
from keras_anchor.conversation.stage import FPS, Stage
from keras_anchor.conversation.talk import Talk
from keras_anchor.conversation.typed import is_typed, listen_to_lines, read_lines
from keras_anchor.drive.moods import find_mood
from keras_anchor.drive.performing import Performer
from keras_anchor.drive.speaking import speak_sentences
from keras_anchor.drive.viseme_table import VisemeTable
from keras_anchor.record import stopping
from keras_anchor.render import Renderer, check_window, make_background

# Frames of a film that may be left when a talk ends, before one is told to wait.
LAG = 2 * FPS
HELP = (
    "Type a question and press Enter. An empty line stops the answer; quit or Ctrl-D "
    "ends the talk."
)


def live(
    anchor=None,
    answers=None,
    endpoint=None,
    model=None,
    listen=False,
    voice=None,
    engine="espeak",
    output=None,
    seed=0,
    openness=1.0,
    visemes=None,
    mood="neutral",
    background=None,
    log=None,
    barge_in=False,
    recognition=None,
    system=None,
    key_from=None,
    pronunciations=None,
    lines=None,
    num_threads=2,
):
    """Talks until `quit`, the end of the input, a shut window or Ctrl-C.

    Args:
        anchor: An `Anchor`, or what `load_anchor` takes.
        answers: A text of questions and answers to answer from, or an object with
            `answer(question, history)` that yields pieces of text.
        endpoint: URL of an OpenAI-compatible chat endpoint; exactly one of the two.
        model: The model's name at the endpoint.
        listen: Whether the microphone is heard, beside what is typed.
        voice, engine, pronunciations: As for `speak_sentences`.
        output: `.mp4` to write; otherwise a window opens, where there is a screen.
        seed, openness, mood: As for `Performer`.
        visemes: Path of a `VisemeTable`; by default the package's own.
        background: As for `make_background`.
        log: A file that gets a line of JSON for each answer; by default nothing is
            kept.
        barge_in: Whether a voice in the microphone breaks an answer off.
        recognition: Folder of a faster-whisper model, or an object with
            `recognise(sound, sample_rate)` that returns text.
        system: What the model is told before the conversation.
        key_from: Name of the environment variable that holds the endpoint's key.
        lines: Questions, instead of what is typed; each waits for the one before.
        num_threads: Threads to draw with.

    Returns:
        `output`.

    Raises:
        ValueError: If both or neither of `answers` and `endpoint` are given, or one of
            the arguments cannot be used.
        ModuleNotFoundError: If a package is missing.
    """
    mind = find_mind(answers, endpoint, model, system, key_from)
    anchor = anchor if isinstance(anchor, Anchor) else load_anchor(anchor)
    recogniser = find_recogniser(recognition, num_threads) if listen else None
    journal = Journal(log)
    speak = functools.partial(
        speak_sentences,
        voice=voice,
        engine=engine,
        pronunciations=pronunciations,
        skip_unreadable=True,
        pace=find_mood(mood).numbers["pace"],
    )
    sample_rate = warm_up(speak)
    table = VisemeTable(visemes) if visemes else None
    performer = Performer(FPS, seed, mood, openness, table)
    renderer = Renderer(anchor, num_threads=num_threads)
    wall = make_background(anchor.size, background)
    with ExitStack() as stack:
        film = window = microphone = None
        if listen:
            microphone = Microphone()
            stack.callback(microphone.close)
        if output is not None:
            film = Film(output)
            stack.callback(film.close)
        elif reason := find_no_screen():
            tell(f"No pictures are shown: {reason}")
        else:
            window = Window(f"{anchor.name} - synthetic")
            stack.callback(window.close)
        stop = stack.enter_context(stopping())
        rate, reason = find_sample_rate(sample_rate)
        if reason:
            tell(reason)
        stage = Stage(performer, anchor.ranges, rate or sample_rate, film is not None)
        stage.start()
        stack.callback(stage.stop)
        clock = Clock(stage.next_block, rate, tell)
        clock.start()
        stack.callback(clock.stop)
        is_piped = lines is not None or not is_typed()
        talk = Talk(
            mind,
            stage,
            speak,
            journal,
            is_patient=is_piped and not listen,
            name=anchor.name,
        )
        talk.start()
        if listen:
            Hearing(microphone, recogniser, talk, barge_in).start()
        if not is_piped:
            print(HELP, flush=True)
        # Who is heard needs no keyboard.
        lines = read_lines() if lines is None else lines
        listen_to_lines(talk, lines, ends=not (is_piped and listen))
        pictures = Pictures(renderer, wall, window, film)

        def is_over():
            clock.check()
            return stop.is_set() or talk.over.is_set() or stage.error

        pictures.show(stage.shown, is_over)
        talk.break_off()
        clock.stop()
        if stage.error:
            raise stage.error
        if film:
            sound = np.concatenate(stage.heard).astype("float32") / 32767.0
            # Drawing and encoding may lag behind the talk.
            if stage.shown.qsize() > LAG:
                tell("The film is being finished. A second Ctrl-C drops it.")
            pictures.show(stage.shown, stage.shown.empty)
            film.finish(sound, stage.sample_rate)
    return output


def find_mind(answers, endpoint, model, system, key_from):
    """What answers, from the arguments of `live`."""
    if (answers is None) == (endpoint is None):
        raise ValueError(
            "Expected one thing to answer from, `--answers faq.md` or `--endpoint "
            f"URL`, received {'neither' if answers is None else 'both'}."
        )
    if answers is not None:
        return answers if hasattr(answers, "answer") else Answers(answers)
    key = None
    if key_from is not None and not (key := os.environ.get(key_from)):
        raise ValueError(
            f"The environment variable {key_from} is not set, which should hold the "
            f"endpoint's key: export {key_from}=..."
        )
    mind = Endpoint(endpoint, model, key, SYSTEM if system is None else system)
    if mind.place:
        tell(
            f"What is asked and answered is sent to {mind.place}, and what happens to "
            "it there is up to them."
        )
    return mind


def find_recogniser(recognition, num_threads):
    """What recognises speech; see `live`."""
    if hasattr(recognition, "recognise"):
        return recognition
    recogniser = Whisper(recognition, num_threads)
    if not recogniser.is_multilingual:
        tell(
            "The model that listens knows English only. Name another with "
            "`--recognition FOLDER`."
        )
    return recogniser


def find_no_screen():
    """Why no window can be opened, or None."""
    try:
        check_window()
    except OSError as error:
        return str(error)
    return None


def tell(sentence):
    print(f"keras-anchor: {sentence}", file=sys.stderr, flush=True)
