"""Who speaks into the microphone, from when to when, and what is said."""

import sys
import threading
from collections import deque

import numpy as np

SAMPLE_RATE, BLOCK_SIZE = 16_000, 320
BLOCK_SECONDS = BLOCK_SIZE / SAMPLE_RATE
# WebRTC's strictest of four: at 10 dB above noise it finds nine blocks of ten, where a
# threshold of loudness found none. It takes a steady noise for a voice until it knows
# it, so a voice must also be louder than the quietest of late, by so many dB; which
# is taken to grow louder by so many dB a block, from no less than so many.
STRICTNESS = 3
MARGIN, RISE, QUIETEST = 3.0, 0.05, -70.0
# Blocks of voice among as many that make a beginning, of silence that make an end, and
# of sound kept from before the beginning.
START_BLOCKS, START_WINDOW, END_BLOCKS, KEPT_BLOCKS = 4, 6, 35, 20
LONGEST_BLOCKS = 1000
# What counts as nothing played, in dB; how many blocks tell how much of it comes back;
# by how much a voice is louder, and by how much a block that is louder, or is not,
# changes what was learnt.
SILENT, LEARNT_BLOCKS, LOUDER, RAISED, LOWERED = -30.0, 50, 4.0, 0.3, 0.001


class VoiceActivity:
    """Tells voice from noise.

    Call arguments:
        block: 20 ms of mono float32 at 16 kHz.

    Returns:
        Whether somebody speaks.

    Raises:
        ModuleNotFoundError: If `webrtcvad-wheels` is not installed.
    """

    def __init__(self):
        try:
            import webrtcvad
        except ModuleNotFoundError:
            raise ModuleNotFoundError(
                "Listening needs webrtcvad-wheels. Install it: "
                'pip install "keras-anchor[recognition]"'
            ) from None
        self.detector, self.floor = webrtcvad.Vad(STRICTNESS), None

    def __call__(self, block):
        level = 10.0 * np.log10(np.mean(np.square(block)) + 1e-12)
        floor = level if self.floor is None else min(level, self.floor + RISE)
        self.floor = max(floor, QUIETEST)
        if level < self.floor + MARGIN:
            return False
        samples = np.rint(32767 * np.clip(block, -1.0, 1.0)).astype("<i2")
        return self.detector.is_speech(samples.tobytes(), SAMPLE_RATE)


class Echo:
    """Tells a voice in the room from the anchor's own, which the microphone hears too.

    How much of what is played comes back is learnt in the first second of it.

    Call arguments:
        block: 20 ms of mono float32 at 16 kHz.
        loudness: Decibels of what is played.

    Returns:
        Whether the block is louder than the anchor's voice makes it.
    """

    def __init__(self):
        self.gain, self.num_learnt = -100.0, 0

    def __call__(self, block, loudness):
        if loudness < SILENT:
            return True
        gain = 20.0 * np.log10(np.abs(block).max() + 1e-5) - loudness
        self.num_learnt += 1
        if self.num_learnt <= LEARNT_BLOCKS:
            self.gain = max(gain, self.gain)
            return False
        if gain > self.gain + LOUDER:
            return True
        self.gain += RAISED if gain > self.gain else -LOWERED
        return False


class Segments:
    """Cuts sound into what was said at a stretch.

    Call arguments:
        block: 20 ms of mono float32 at 16 kHz.

    Returns:
        The sound of an utterance that is over, mono at 16 kHz, else None.

    Attributes:
        is_voice: Whether somebody is speaking.
    """

    def __init__(self):
        self.detect = VoiceActivity()
        self.clear()

    def clear(self):
        """Forgets what was heard."""
        self.is_voice, self.num_silent = False, 0
        self.blocks = deque(maxlen=KEPT_BLOCKS)
        self.recent = deque(maxlen=START_WINDOW)

    def __call__(self, block):
        is_voice = self.detect(block)
        self.blocks.append(block)
        self.recent.append(is_voice)
        if not self.is_voice:
            if sum(self.recent) >= START_BLOCKS:
                self.is_voice = True
                self.num_silent = 0
                self.blocks = deque(self.blocks)
            return None
        self.num_silent = 0 if is_voice else self.num_silent + 1
        if self.num_silent < END_BLOCKS and len(self.blocks) < LONGEST_BLOCKS:
            return None
        sound = np.concatenate(self.blocks)
        self.clear()
        return sound


class Hearing:
    """Hears blocks of sound in a thread, and asks a talk what was said in them.

    Args:
        blocks: Yields 20 ms of mono float32 at 16 kHz.
        recogniser: An object with `recognise(sound, sample_rate)` that returns text.
        talk: A `Talk`.
        barge_in: Whether a voice breaks an answer off; otherwise nothing is heard
            while the anchor speaks, which the microphone would take for a question.
    """

    def __init__(self, blocks, recogniser, talk, barge_in=False):
        self.blocks, self.recogniser, self.talk = blocks, recogniser, talk
        self.barge_in = barge_in
        self.segments, self.echo = Segments(), Echo()
        self.thread = threading.Thread(target=self.work, daemon=True)

    def start(self):
        self.thread.start()

    def work(self):
        for block in self.blocks:
            is_answering = self.talk.is_answering
            is_louder = self.echo(block, self.talk.stage.loudness)
            if is_answering and not (self.barge_in and is_louder):
                # What is not listened to is silence.
                block = np.zeros_like(block)
            sound = self.segments(block)
            if is_answering and self.segments.is_voice:
                self.talk.interrupt()
            if sound is not None:
                self.recognise(sound)

    def recognise(self, sound):
        """Asks what was said."""
        try:
            text = self.recogniser.recognise(sound, SAMPLE_RATE).strip()
        except Exception as error:  # Whatever one of the user's own raises.
            reason = str(error) or type(error).__name__
            print(f"keras-anchor: not understood: {reason}", file=sys.stderr)
            return
        if text:
            self.talk.ask(text, was_heard=True)
