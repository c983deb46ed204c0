"""One question and its answer: thought, spoken sentence by sentence, or broken off."""

import functools
import queue
import threading
import time

from keras_anchor.conversation.phrases import PHRASES, phrase
from keras_anchor.conversation.plain import cut_sentences

# How long an answer may keep one waiting, for its start and between its pieces.
PATIENCE = 20.0


class Turn:
    """Answers a question in a thread of its own.

    Args:
        question: What was asked.
        mind: An object with `answer(question, history)` that yields pieces of text.
        history: `[(question, answer), ...]` before it.
        stage: A `Stage`.
        speak: `speak(text)` that yields a `Speech` for each sentence.
        asked: When, as `time.monotonic` says.
        patience: Seconds that an answer may keep one waiting.
        tell: Called with each sentence when it begins to be heard.
        note: Called with the turn when all was said.

    Attributes:
        utterances: What was put on the stage.
        reason: Why there is no proper answer, or None.
    """

    def __init__(
        self,
        question,
        mind,
        history,
        stage,
        speak,
        asked,
        patience=PATIENCE,
        tell=print,
        note=print,
    ):
        self.question, self.mind, self.history = question, mind, list(history)
        self.stage, self.speak, self.tell, self.note = stage, speak, tell, note
        self.asked, self.patience = asked, patience
        self.utterances, self.reason, self.was_cut = [], None, False
        self.spoken = queue.SimpleQueue()
        self.stopped, self.over = threading.Event(), threading.Event()
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def start(self):
        self.thread.start()

    def stop(self):
        """Breaks the answer off; nothing of it is said after this returns."""
        with self.lock:
            if not self.over.is_set():
                self.was_cut = True
            self.stopped.set()
            self.stage.cut()

    def run(self):
        narrator = threading.Thread(target=self.narrate, daemon=True)
        narrator.start()
        try:
            self.answer()
            self.spoken.put(None)
            narrator.join()
            self.note(self)
        finally:
            self.over.set()

    def narrate(self):
        """Tells each sentence when it is heard, until all are over."""
        while (utterance := self.spoken.get()) is not None:
            utterance.begun.wait()
            if utterance.num_shown:
                self.tell(utterance.speech.text)
            utterance.over.wait()

    def answer(self):
        ask = functools.partial(self.mind.answer, self.question, self.history)
        try:
            for sentence in cut_sentences(in_time(ask, self.patience)):
                if self.stopped.is_set():
                    return
                self.say(sentence)
            if not self.utterances:
                raise ValueError("the answer holds nothing that can be said")
        except Exception as error:  # Whatever a model of the user's own raises.
            self.reason = self.reason or str(error) or type(error).__name__
        if self.reason and not self.stopped.is_set():
            self.apologise()

    def say(self, sentence):
        """Puts a sentence on the stage; one that cannot be said is left out."""
        try:
            for speech in self.speak(sentence):
                with self.lock:
                    if self.stopped.is_set():
                        return
                    utterance = self.stage.say(speech)
                    self.utterances.append(utterance)
                self.spoken.put(utterance)
        except (ValueError, ModuleNotFoundError) as error:
            self.reason = self.reason or str(error)

    def apologise(self):
        """Says a set phrase, in another language if the voice has to."""
        name = "broke off" if self.utterances else "failed"
        num_said = len(self.utterances)
        for text in (phrase(name, self.question), *PHRASES[name].values()):
            if len(self.utterances) == num_said:
                self.say(text)

    @property
    def said(self):
        """What was heard of the answer."""
        heard = [u.speech.text for u in self.utterances if u.num_shown]
        return " ".join(heard)

    def describe(self):
        """What the log keeps of it."""
        started = [u.started for u in self.utterances if u.started]
        wait = round(started[0] - self.asked, 3) if started else None
        return {
            "asked": self.question,
            "answered": self.said,
            "seconds_to_speech": wait,
            "seconds": round(time.monotonic() - self.asked, 3),
            "was_cut": self.was_cut,
            "reason": self.reason,
        }


def in_time(make, seconds):
    """Yields the pieces of `make()`, which are made in a thread of their own.

    Raises:
        TimeoutError: If none comes for so many seconds.
    """
    made, is_left = queue.SimpleQueue(), threading.Event()

    def work():
        try:
            for piece in make():
                if is_left.is_set():
                    return
                made.put((piece, None))
            made.put((None, StopIteration()))
        except BaseException as error:
            made.put((None, error))

    threading.Thread(target=work, daemon=True).start()
    try:
        while True:
            try:
                piece, error = made.get(timeout=seconds)
            except queue.Empty:
                raise TimeoutError(f"no answer came for {seconds:g} s") from None
            if isinstance(error, StopIteration):
                return
            if error is not None:
                raise error
            yield piece
    finally:
        is_left.set()
