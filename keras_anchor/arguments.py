"""What can be asked for on the command line."""

import argparse

from keras_anchor import __version__


class Formatter(argparse.ArgumentDefaultsHelpFormatter):
    """Shows defaults, where there are any."""

    def _get_help_string(self, action):
        if action.default in (None, False):
            return action.help
        return super()._get_help_string(action)


def positive(text):
    """A number over zero."""
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number over 0, not {text}")
    return number


def seconds(text):
    """A number from 0."""
    number = float(text)
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number from 0, not {text}")
    return number


def whole(low, high):
    """Parser of a whole number from `low` to `high`."""

    def parse(text):
        number = int(text)
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(
                f"expected a whole number from {low} to {high}, not {text}"
            )
        return number

    parse.__name__ = "whole number"
    return parse


SIZE, SEED = whole(32, 2048), whole(0, 2**31 - 1)


def build_parser():
    """The parser; the chosen command's name is in `command`."""
    debug = argparse.ArgumentParser(add_help=False)
    debug.add_argument(
        "--debug",
        action="store_true",
        default=argparse.SUPPRESS,
        help="show the traceback of an error",
    )
    parser = argparse.ArgumentParser(
        prog="keras-anchor",
        description="Make a virtual anchor and let it speak.",
        parents=[debug],
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(name, help):
        command = commands.add_parser(
            name,
            help=help,
            description=help,
            parents=[debug],
            formatter_class=Formatter,
        )
        command.set_defaults(command=name)
        return command

    add("doctor", "say what is installed and what each missing piece gives")

    command = add("presenter", "render a take of a built-in presenter")
    command.add_argument("name", metavar="NAME", help="adam or mei")
    command.add_argument("--to", metavar="DATA", required=True, help="folder to make")
    command.add_argument(
        "--frames", type=whole(20, 1_000_000), default=4000, help="how many"
    )
    command.add_argument("--size", type=SIZE, default=256, help="pixels")
    command.add_argument("--seed", type=SEED, default=0, help="of the performance")

    command = add("record", "film yourself, and see what is still missing")
    command.add_argument("--to", metavar="CLIP", required=True, help=".mp4 to write")
    command.add_argument("--camera", default="0", help="its number, or a video's path")
    command.add_argument("--seconds", type=positive, default=90.0, help="at most")
    command.add_argument(
        "--language", choices=("en", "zh"), default="en", help="of what you read aloud"
    )
    command.add_argument(
        "--no-window", action="store_true", help="print what was seen instead"
    )

    command = add("check", "say what is right and wrong with a clip, before training")
    command.add_argument("video", metavar="VIDEO", help=".mp4, .mov, .webm and others")
    command.add_argument(
        "--to", metavar="FOLDER", help="write check.json and contact_sheet.png there"
    )

    command = add("capture", "turn a video of a face into a take")
    command.add_argument("video", metavar="VIDEO", help=".mp4, .mov, .webm and others")
    command.add_argument("--to", metavar="DATA", required=True, help="folder to make")
    command.add_argument(
        "--size", type=SIZE, help="pixels; by default 512 where the video has them"
    )
    command.add_argument("--name", help="of the take; by default the video's")
    command.add_argument(
        "--start", type=seconds, default=0.0, help="second of the video to start at"
    )
    command.add_argument(
        "--seconds", type=positive, default=600.0, help="how many to use, at most"
    )
    command.add_argument(
        "--unchecked",
        action="store_true",
        help="go on whatever `check` would say of the video",
    )
    add_consent(command)

    command = add("train", "train a generator on a take, or go on training")
    command.add_argument("take", metavar="DATA", help="folder of the take")
    command.add_argument("--to", metavar="RUN", required=True, help="folder of the run")
    add_training(command)
    command.add_argument(
        "--without-adversarial",
        action="store_true",
        help="leave the discriminators out, to see what they bring",
    )
    command.add_argument(
        "--without-codes",
        action="store_true",
        help="give the frames of footage no codes, to see what they bring",
    )
    command.add_argument(
        "--cold",
        action="store_true",
        help="start a person's networks at random, to see what a warm start brings",
    )
    command.add_argument(
        "--dry-run", action="store_true", help="print the settings and stop"
    )

    command = add("export", "turn a run into an anchor")
    command.add_argument("run", metavar="RUN", help="folder of the run")
    command.add_argument("--to", metavar="ANCHOR", required=True, help="folder to make")
    command.add_argument("--name", help="of the anchor; by default the take's")
    command.add_argument(
        "--formats", nargs="+", metavar="FORMAT", help="some of all four (see README)"
    )
    command.add_argument(
        "--tfjs-weights", default="float32", help="float16 halves the page's download"
    )

    command = add("photo", "turn one photo of a face into an approximate anchor")
    command.add_argument(
        "picture", metavar="PICTURE", help="of one face, from the front"
    )
    command.add_argument("--to", metavar="ANCHOR", required=True, help="folder to make")
    command.add_argument("--size", type=SIZE, default=256, help="pixels")
    command.add_argument("--name", help="of the anchor; by default the picture's")
    command.add_argument(
        "--formats",
        nargs="+",
        metavar="FORMAT",
        help="some of all four; by default those whose tools are installed",
    )
    add_consent(command)

    command = add("say", "film an anchor speaking a text")
    command.add_argument("text", metavar="TEXT")
    command.add_argument("--voice", help="en or zh; by default what the text is in")
    command.add_argument("--fps", type=positive, default=25, help="of the film")
    command.add_argument("--seed", type=SEED, default=0, help="of blinks and nods")
    command.add_argument(
        "--openness", type=positive, default=1.0, help="how far the mouth opens"
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
    add_film(command)

    command = add("demo", "serve the page with an anchor")
    add_anchor(command)
    command.add_argument("--host", default="127.0.0.1", help="address to listen at")
    command.add_argument(
        "--port", type=whole(0, 65535), default=8000, help="port to listen at"
    )

    command = add("measure", "score a run on the held-out part of a take")
    command.add_argument("run", metavar="RUN", help="folder of the run")
    command.add_argument("--take", metavar="DATA", required=True, help="folder")
    command.add_argument(
        "--against", metavar="RUN", help="a run `--without-adversarial`, to compare"
    )

    command = add("all", "train, export and film: what `make anchor` runs")
    command.add_argument("--take", metavar="DATA", default="takes/adam", help="folder")
    command.add_argument("--to", metavar="OUT", default="out", help="folder to fill")
    add_training(command)
    command.add_argument(
        "--install-seconds", type=float, default=0.0, help=argparse.SUPPRESS
    )
    return parser


def add_training(command):
    command.add_argument("--preset", help="size of the anchor; by default the take's")
    command.add_argument("--minutes", type=positive, default=8.0, help="of training")
    command.add_argument("--seed", type=SEED, default=0, help="of the run")


def add_consent(command):
    """For commands that make a take of a person; `consent.get_consent` reads them."""
    group = command.add_argument_group(
        "consent of the person who is shown", "without these, a terminal is asked"
    )
    group.add_argument("--consent-who", metavar="NAME", help="who is shown and agreed")
    group.add_argument("--consent-purpose", metavar="TEXT", help="what they agreed to")
    group.add_argument(
        "--consent-date", metavar="YYYY-MM-DD", help="when; by default today"
    )
    group.add_argument(
        "--consent-note",
        metavar="TEXT",
        help="whom to ask, or where the agreement lies; it stays with the take",
    )


def add_anchor(command):
    command.add_argument(
        "--anchor", help="folder, zip or name; by default the one that is shipped"
    )


def add_film(command):
    add_anchor(command)
    target = command.add_mutually_exclusive_group(required=True)
    target.add_argument(
        "-o", "--output", metavar="FILM", help=".mp4, .webm or a folder for PNG files"
    )
    target.add_argument("--show", action="store_true", help="show in a window")
    command.add_argument(
        "--background", metavar="COLOUR", help="such as #20304a, or a picture's path"
    )
    command.add_argument(
        "--threads", type=whole(1, 256), default=2, help="to render with"
    )
