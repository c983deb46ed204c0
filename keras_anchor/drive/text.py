"""Text to a performance: a voice, a mouth that says it, and a person around it."""

from keras_anchor.drive.moods import find_mood
from keras_anchor.drive.performing import perform_speech
from keras_anchor.drive.speaking import speak
from keras_anchor.performance import check_fps

# Seconds of silence around the speech: nobody starts or stops at a cut.
BEFORE, AFTER = 0.3, 0.6


def perform_text(
    text,
    voice=None,
    fps=25,
    seed=0,
    openness=1.0,
    engine="espeak",
    pronunciations=None,
    skip_unreadable=False,
    mood="neutral",
    table=None,
):
    """Speaks text as a calm newsreader.

    Args:
        text: What to say; see `speak`, also for `engine`, `pronunciations` and
            `skip_unreadable`.
        voice: `en`, `zh`, a name of the engine's, or by default what the letters ask.
        fps: Frames a second, 1 to 240.
        seed: Picks blinks, glances and nods.
        openness: How far the mouth opens; 1 is a newsreader, 1.4 a keen one.
        mood: One of `moods.json`, also for how fast it speaks.
        table: A `VisemeTable`; by default the package's own.

    Returns:
        A `Performance` with sound, exactly as long as its frames.

    Raises:
        ValueError: If there is nothing to say, or no such voice, `mood` or `fps`.
    """
    check_fps(fps)
    pace = find_mood(mood).numbers["pace"]
    speech = speak(text, voice, engine, pronunciations, skip_unreadable, pace)
    return perform_speech(
        speech.padded(BEFORE, AFTER),
        fps=fps,
        seed=seed,
        openness=openness,
        mood=mood,
        table=table,
    )


def perform_recording(
    path,
    text=None,
    language=None,
    pronunciations=None,
    skip_unreadable=False,
    **acting,
):
    """Speaks with somebody's recording.

    Args:
        path: Any file with sound; see `RecordedVoice`.
        text: What is said in it, for lips that know; None lets them follow the sound
            alone.
        language: Name of a voice that reads the text as it is said; by default each
            script's own.
        pronunciations, skip_unreadable: How the text is read; see `speak`.
        acting: The other arguments of `perform_speech`.

    Returns:
        A `Performance` with the sound.
    """
    from keras_anchor.drive.voices.recorded import RecordedVoice

    speech = RecordedVoice(
        path,
        language,
        pronunciations=pronunciations,
        skip_unreadable=skip_unreadable,
    ).speak(text or "")
    return perform_speech(speech, **acting)
