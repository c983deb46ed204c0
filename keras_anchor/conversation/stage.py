"""What is heard and seen next: one queue of frames, taken by whoever has the clock."""

import queue
import threading
import time
from collections import deque
from dataclasses import replace

import numpy as np

from keras_anchor.controls import NAMES
from keras_anchor.conversation.utterances import Frame, Utterance
from keras_anchor.drive.retarget import press
from keras_anchor.drive.speech import resample
from keras_anchor.performance import Performance

FPS = 25
BLOCKS_PER_FRAME = 2
BLOCK_SECONDS = 1.0 / (FPS * BLOCKS_PER_FRAME)
# Frames that are ready before they are due. More would delay an answer.
LEAD = 2
# Seconds of silence after a sentence.
PAUSE = 0.2
# Blocks of which something may still be heard in the room.
ECHO_BLOCKS = 25


class Stage:
    """Makes frames in a thread of its own, idle ones while nobody speaks.

    Whoever has the clock calls `next_block` every 20 ms, and gets the sound; with it
    `shown`, a queue, gets `(due, controls)` of each frame.

    Args:
        performer: A `Performer` at 25 frames a second.
        ranges: The anchor's, for `press`.
        sample_rate: Of the sound; a multiple of 50.
        keeps_sound: Whether `heard` is to keep all sound, in int16 blocks.
    """

    def __init__(self, performer, ranges, sample_rate, keeps_sound=False):
        self.performer, self.ranges, self.sample_rate = performer, ranges, sample_rate
        self.block_size = sample_rate // (FPS * BLOCKS_PER_FRAME)
        self.frame_size = BLOCKS_PER_FRAME * self.block_size
        self.silence = np.zeros(self.frame_size, "float32")
        self.shown, self.heard = queue.SimpleQueue(), [] if keeps_sound else None
        self.frames, self.waiting, self.current = deque(), deque(), None
        self.num_frames = self.num_held = self.num_blocks = self.num_cuts = 0
        self.fades, self.is_stopped = False, False
        self.peaks = deque([0.0], ECHO_BLOCKS)
        self.speaking, self.error = None, None
        self.highest = np.zeros((1, len(NAMES)), "float32")
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self.work, daemon=True)

    def start(self):
        for _ in range(LEAD):
            self.add(self.performer.idle(1))
        self.thread.start()

    def stop(self):
        with self.changed:
            self.is_stopped = True
            self.changed.notify_all()
        self.thread.join()

    def say(self, speech):
        """Queues a `Speech`; returns its `Utterance`."""
        utterance = Utterance(speech.padded(0.0, PAUSE))
        with self.changed:
            self.waiting.append(utterance)
            self.changed.notify_all()
        return utterance

    def cut(self):
        """Stops what is being said, and forgets what was to be said next."""
        with self.changed:
            while self.waiting:
                self.waiting.popleft().end()
            self.num_cuts += 1
            self.drop()
            self.changed.notify_all()

    def drop(self):
        """Forgets the frames of a sentence; one that is nearly over runs out.

        Returns:
            True if none of its frames are left.
        """
        if self.count_spoken() > LEAD:
            is_between = self.num_blocks % BLOCKS_PER_FRAME == 0
            # The sound fades inside a frame, since a step would click.
            kept = [self.frames[0]] if is_between else []
            self.frames.clear()
            self.frames.extend(kept)
            self.fades = True
        return self.fades or not self.count_spoken()

    @property
    def loudness(self):
        """Decibels of what may be heard in the room right now; -100 for silence."""
        with self.changed:
            return 20.0 * np.log10(max(1e-5, *self.peaks))

    def count_spoken(self):
        """How many of the frames that wait belong to a sentence."""
        with self.changed:
            return sum(frame.utterance is not None for frame in self.frames)

    def next_block(self, delay=0.0):
        """The next 20 ms of sound `(block_size,)`.

        Args:
            delay: Seconds until it is heard.
        """
        with self.changed:
            half = self.num_blocks % BLOCKS_PER_FRAME
            self.num_blocks += 1
            if half == 0:
                self.advance(delay)
            block = self.current.sound[half * self.block_size :][: self.block_size]
            if self.fades:
                block = block * np.linspace(1.0, 0.0, len(block), dtype="float32")
                self.current = replace(self.current, sound=self.silence)
                self.fades = False
            self.peaks.append(float(np.abs(block).max()))
            if self.heard is not None:
                self.heard.append(np.rint(32767 * np.clip(block, -1, 1)).astype("<i2"))
            self.changed.notify_all()
            return block

    def advance(self, delay):
        """Takes the next frame; where none is ready the last one stays, silently."""
        self.num_frames += 1
        if self.frames:
            self.current = self.frames.popleft()
        else:
            self.num_held += 1
            self.current = replace(self.current, sound=self.silence, utterance=None)
        if self.current.utterance is not None:
            self.current.utterance.show(delay)
        self.shown.put((time.monotonic() + delay, self.current.drawn))

    def work(self):
        """Makes frames until `stop`; what goes wrong is kept in `error`."""
        try:
            self.make_frames()
        except Exception as error:  # Raised again where the talk is.
            self.error = error

    def make_frames(self):
        """Keeps `LEAD` frames ready, and sentences wherever they are wanted."""
        num_cuts = 0
        while True:
            with self.changed:
                self.changed.wait_for(lambda known=num_cuts: self.is_wanted(known))
                if self.is_stopped:
                    return
                was_cut, num_cuts = self.num_cuts > num_cuts, self.num_cuts
                utterance = None
                if self.waiting and not self.count_spoken():
                    utterance = self.waiting.popleft()
            if was_cut:
                self.take_back()
            if utterance is None:
                if len(self.frames) < LEAD:
                    self.add(self.performer.idle(1))
            else:
                self.perform(utterance)

    def is_wanted(self, num_cuts):
        """Whether the thread has something to do."""
        return (
            self.is_stopped
            or self.num_cuts > num_cuts
            or len(self.frames) < LEAD
            or (self.waiting and not self.count_spoken())
        )

    def perform(self, utterance):
        speech = utterance.speech
        controls = np.asarray(self.performer.speak(speech), "float32")
        utterance.num_frames = len(controls)
        self.speaking = utterance, controls
        sound = resample(speech.sound, speech.sample_rate, self.sample_rate)
        self.add(controls, sound, utterance)

    def add(self, controls, sound=None, utterance=None):
        """Queues frames with their sound, silence where there is none."""
        drawn = self.press(controls)
        num_samples = len(controls) * self.frame_size
        sound = np.zeros(0, "float32") if sound is None else sound[:num_samples]
        sound = np.pad(sound, (0, num_samples - len(sound)))
        parts = sound.reshape(len(controls), self.frame_size)
        with self.changed:
            if utterance is not None:
                # Idle frames that wait would only delay it.
                self.frames.clear()
            for row, seen, part in zip(controls, drawn, parts, strict=True):
                self.frames.append(Frame(row, seen, part, utterance))
            self.changed.notify_all()

    def press(self, controls):
        """Fits controls to the anchor, always as if the widest so far were in them."""
        rows = np.concatenate([self.highest, controls])
        self.highest = rows.max(0, keepdims=True)
        return press(Performance(rows, FPS), self.ranges).controls[1:]

    def take_back(self):
        """Tells the performer how much of its last sentence was shown."""
        if self.speaking is None:
            return
        utterance, controls = self.speaking
        with self.changed:
            # It may have been performed while it was cut.
            if not self.drop() or utterance.over.is_set():
                return
            num_kept = self.count_spoken()
            utterance.end()
        self.speaking = None
        self.performer.cut(controls[: utterance.num_shown + num_kept])
