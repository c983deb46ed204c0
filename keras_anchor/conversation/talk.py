"""The course of a conversation: what is asked next, and what breaks an answer off."""

import queue
import sys
import threading
import time
from collections import deque

from keras_anchor.conversation.turns import PATIENCE, Turn

QUIT = {"quit", "exit", "bye", "退出", "再见"}
MAX_TURNS = 8
# Seconds after the last answer, so that a film doesn't end in it.
REST = 0.6


class Talk:
    """Takes what is typed and heard, and answers it.

    Args:
        mind: As for `Turn`.
        stage: A `Stage`.
        speak: As for `Turn`.
        journal: A `Journal`.
        is_patient: Whether a question waits for the answer before it to end, instead
            of breaking it off.
        patience: As for `Turn`.
        name: The anchor's, printed before what it says.
    """

    def __init__(
        self,
        mind,
        stage,
        speak,
        journal,
        is_patient=False,
        patience=PATIENCE,
        name="anchor",
    ):
        self.mind, self.stage, self.speak, self.journal = mind, stage, speak, journal
        self.is_patient, self.patience, self.name = is_patient, patience, name
        self.history, self.turn = deque(maxlen=MAX_TURNS), None
        self.events, self.over = queue.SimpleQueue(), threading.Event()
        self.noted, self.noting = deque(maxlen=MAX_TURNS), threading.Lock()
        self.thread = threading.Thread(target=self.work, daemon=True)

    def start(self):
        self.thread.start()

    def ask(self, text, was_heard=False):
        """Asks a question; an empty one only breaks the answer off."""
        self.events.put((text.strip(), time.monotonic(), was_heard))

    def break_off(self):
        """Ends what is being said, and notes it down; the talk is over."""
        self.finish(is_hurried=True)

    def interrupt(self):
        """Breaks the answer off."""
        self.ask("")

    def end(self):
        """Ends the talk once all was answered."""
        self.events.put((None, time.monotonic(), False))

    @property
    def is_answering(self):
        turn = self.turn
        return turn is not None and not turn.over.is_set()

    def work(self):
        try:
            while True:
                text, moment, was_heard = self.events.get()
                if text is None or text.lower().strip(".!。！") in QUIT:
                    is_hurried = text is not None and not self.is_patient
                    self.finish(is_hurried)
                    time.sleep(0.0 if is_hurried else REST)
                    return
                self.respond(text, moment, was_heard)
        finally:
            self.over.set()

    def respond(self, text, moment, was_heard):
        self.finish(is_hurried=not self.is_patient or not text)
        if text:
            if was_heard:
                print(f"you: {text}", flush=True)
            if self.is_patient:
                moment = time.monotonic()
            self.turn = Turn(
                text,
                self.mind,
                self.history,
                self.stage,
                self.speak,
                moment,
                self.patience,
                tell=self.tell,
                note=self.note,
            )
            self.turn.start()

    def tell(self, sentence):
        print(f"{self.name}: {sentence}", flush=True)

    def finish(self, is_hurried):
        """Waits for the answer to end, or breaks it off."""
        turn, self.turn = self.turn, None
        if turn is None:
            return
        if is_hurried:
            turn.stop()
            self.note(turn)
        else:
            turn.over.wait()

    def note(self, turn):
        """Notes an answer down, once: when it is over, or was broken off."""
        with self.noting:
            if turn in self.noted:
                return
            self.noted.append(turn)
            # What was no answer would only confuse a model.
            if turn.said and not turn.reason:
                self.history.append((turn.question, turn.said))
        if turn.reason:
            complain(turn.reason)
        try:
            self.journal.write(**turn.describe())
        except OSError as error:
            complain(f"the log can't be written ({error.strerror})")


def complain(sentence):
    print(f"keras-anchor: {sentence}", file=sys.stderr, flush=True)
