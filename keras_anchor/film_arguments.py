"""What can be asked for of films, scripts, lessons and talks on the command line."""

import argparse

from keras_anchor.number_types import SEED, positive, seconds, whole

FORMATS = "1:1", "16:9", "9:16"
CAPTIONS = "srt", "vtt"
ENGINES = "espeak", "kokoro"


def add_film_commands(add):
    """Adds `say`, `render`, `script`, `lesson` and `live`.

    Args:
        add: Makes a command's parser from its name and help.
    """
    command = add("say", "film an anchor speaking a text or a recording")
    command.add_argument(
        "text", metavar="TEXT", nargs="?", help="to speak; - reads it from a pipe"
    )
    command.add_argument(
        "--sound",
        metavar="FILE",
        help="a recording to speak with; TEXT, if given, is what is said in it",
    )
    add_voice(command)
    add_skipping(command)
    add_acting(command)
    command.add_argument("--mood", default="neutral", help="of moods.json")
    command.add_argument("--fps", type=positive, default=25, help="of the film")
    command.add_argument(
        "--csv", metavar="CSV", help="write the performance as well: controls over time"
    )
    add_film(command)

    command = add("render", "film an anchor following a performance")
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--performance", metavar="CSV", help="controls, one row a frame"
    )
    source.add_argument("--from-video", metavar="VIDEO", help="a face to follow")
    command.add_argument(
        "--retarget",
        action=argparse.BooleanOptionalAction,
        help="fit the controls to the anchor's own ranges; by default those of a video",
    )
    command.add_argument(
        "--mirror", action="store_true", help="swap left and right, as in a selfie"
    )
    add_threads(command)
    add_film(command)

    command = add("script", "film a script, or every script of a folder")
    command.add_argument(
        "script", metavar="SCRIPT", help="a text with cues (see README), or a folder"
    )
    add_rendering(command)
    command.add_argument(
        "--format", choices=FORMATS, default="1:1", help="of the picture"
    )
    command.add_argument(
        "--background", metavar="COLOUR", help="such as #20304a, or a picture's path"
    )
    command.add_argument("--csv", metavar="CSV", help="write the performance as well")

    command = add("lesson", "film slides that an anchor explains")
    command.add_argument("slides", metavar="SLIDES", help=".pdf or .pptx")
    command.add_argument(
        "notes",
        metavar="NOTES",
        nargs="?",
        help="what is said of each slide; by default the speaker notes of a .pptx",
    )
    add_rendering(command)
    command.add_argument(
        "--corner", choices=("left", "right"), default="right", help="of the anchor"
    )
    command.add_argument(
        "--size",
        type=positive,
        default=0.36,
        help="of the anchor, in heights of the film",
    )
    command.add_argument(
        "--height", type=whole(90, 4320), default=1080, help="of the film, in pixels"
    )
    command.add_argument(
        "--silent-seconds",
        type=seconds,
        default=4.0,
        help="how long a slide without notes is shown; 0 leaves it out",
    )

    command = add("live", "talk with an anchor")
    mind = command.add_mutually_exclusive_group(required=True)
    mind.add_argument(
        "--answers", metavar="FAQ", help="a text of questions and answers, .md"
    )
    mind.add_argument(
        "--endpoint",
        metavar="URL",
        help="of an OpenAI-compatible chat, such as a "
        "local server's http://localhost:11434/v1",
    )
    command.add_argument("--model", help="its name at the endpoint")
    command.add_argument(
        "--system", metavar="TEXT", help="what the model is told before it all"
    )
    command.add_argument(
        "--key-from",
        metavar="VARIABLE",
        help="environment variable that holds the endpoint's key",
    )
    command.add_argument(
        "--listen", action="store_true", help="hear the microphone as well"
    )
    command.add_argument(
        "--barge-in", action="store_true", help="let a voice break an answer off"
    )
    command.add_argument(
        "--recognition", metavar="FOLDER", help="of a faster-whisper model"
    )
    command.add_argument("--log", metavar="FILE", help="keep what is said, as JSON")
    command.add_argument(
        "-o", "--output", metavar="FILM", help=".mp4 to write instead of a window"
    )
    add_anchor(command)
    add_voice(command)
    add_acting(command)
    command.add_argument("--mood", default="neutral", help="of moods.json")
    command.add_argument(
        "--background", metavar="COLOUR", help="such as #20304a, or a picture's path"
    )


def add_voice(command):
    command.add_argument(
        "--voice",
        help="en, zh, en-female, en-male, zh-female, zh-male or a name of the "
        "engine's; by default what the letters ask",
    )
    command.add_argument(
        "--engine", choices=ENGINES, default="espeak", help="kokoro sounds natural"
    )
    command.add_argument(
        "--pronunciations", metavar="FILE", help="how words are said: `GIF = jif`"
    )


def add_skipping(command):
    command.add_argument(
        "--skip-unreadable",
        action="store_true",
        help="leave out what the voice cannot read, instead of refusing",
    )


def add_acting(command):
    command.add_argument("--seed", type=SEED, default=0, help="of blinks and nods")
    command.add_argument(
        "--mouth",
        "--openness",
        dest="openness",
        metavar="SHARE",
        type=positive,
        default=1.0,
        help="how far it opens; 1 is a newsreader",
    )
    command.add_argument(
        "--visemes", metavar="FILE", help="a table of your own of what mouths do"
    )
    add_threads(command)


def add_threads(command):
    command.add_argument(
        "--threads", type=whole(1, 256), default=2, help="to render with"
    )


def add_rendering(command):
    """For films that are rendered part by part."""
    command.add_argument(
        "-o", "--output", metavar="FILM", required=True, help=".mp4 or .webm"
    )
    add_anchor(command)
    add_voice(command)
    add_skipping(command)
    add_acting(command)
    command.add_argument("--fps", type=positive, default=25, help="of the film")
    command.add_argument(
        "--captions",
        nargs="+",
        choices=CAPTIONS,
        default=[],
        help="files to write beside the film",
    )
    command.add_argument(
        "--burn-captions", action="store_true", help="show captions in the picture"
    )
    command.add_argument(
        "--font", metavar="FILE", help="of captions and names in the picture"
    )


def add_anchor(command):
    command.add_argument(
        "--anchor", help="folder, zip or name; by default the one that is shipped"
    )


def add_film(command):
    """Where a film goes, and what is behind the anchor."""
    add_anchor(command)
    target = command.add_mutually_exclusive_group(required=True)
    target.add_argument(
        "-o", "--output", metavar="FILM", help=".mp4, .webm or a folder for PNG files"
    )
    target.add_argument("--show", action="store_true", help="show in a window")
    command.add_argument(
        "--background", metavar="COLOUR", help="such as #20304a, or a picture's path"
    )
