"""What can be asked for on the command line."""

import argparse

from keras_anchor import __version__, presets
from keras_anchor.film_arguments import add_film_commands
from keras_anchor.footage_arguments import add_footage_commands
from keras_anchor.number_types import SEED, SIZE, positive, whole

BAD_ARGUMENTS = 2


class Formatter(argparse.ArgumentDefaultsHelpFormatter):
    """Shows defaults, where there are any."""

    def _get_help_string(self, action):
        if action.default in (None, False, []):
            return action.help
        return super()._get_help_string(action)


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as all errors are said."""

    def error(self, message):
        self.exit(BAD_ARGUMENTS, f"keras-anchor: {message}. See `{self.prog} -h`.\n")


def build_parser():
    """The parser; the chosen command's name is in `command`."""
    debug = argparse.ArgumentParser(add_help=False)
    debug.add_argument(
        "--debug",
        action="store_true",
        default=argparse.SUPPRESS,
        help="show the traceback of an error",
    )
    parser = Parser(
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

    add_footage_commands(add)

    command = add("train", "train a generator on a take, or go on training")
    command.add_argument("take", metavar="DATA", help="folder of the take")
    command.add_argument("--to", metavar="RUN", required=True, help="folder of the run")
    add_training(command)
    command.add_argument(
        "--without",
        nargs="+",
        choices=sorted(presets.PARTS),
        default=[],
        metavar="PART",
        help="leave parts out, to see what they bring: "
        + "; ".join(f"{name}, {brings}" for name, brings in presets.PARTS.items()),
    )
    command.add_argument(
        "--dry-run", action="store_true", help="print the settings and stop"
    )

    command = add("export", "turn a run into an anchor")
    command.add_argument("run", metavar="RUN", help="folder of the run")
    command.add_argument("--to", metavar="ANCHOR", required=True, help="folder to make")
    command.add_argument("--name", help="of the anchor; by default the take's")
    command.add_argument(
        "--formats",
        nargs="+",
        metavar="FORMAT",
        help="some of saved_model tflite tflite_float16 tfjs web; all by default",
    )
    command.add_argument(
        "--tfjs-weights", default="float32", help="float16 halves the page's download"
    )

    add_film_commands(add)

    add_demo(add("demo", "serve the page with an anchor, or write it as a site"))

    command = add("measure", "score a run on the held-out part of a take")
    command.add_argument("run", metavar="RUN", help="folder of the run")
    command.add_argument("--take", metavar="DATA", required=True, help="folder")
    command.add_argument(
        "--against", metavar="RUN", help="a run `--without adversarial`, to compare"
    )

    command = add("all", "train, export and film: what `make anchor` runs")
    command.add_argument("--take", metavar="DATA", default="takes/adam", help="folder")
    command.add_argument("--to", metavar="OUT", default="out", help="folder to fill")
    add_training(command)
    command.add_argument(
        "--install-seconds", type=float, default=0.0, help=argparse.SUPPRESS
    )
    return parser


def add_demo(command):
    command.add_argument(
        "--anchor",
        action="append",
        help="folder, zip or name; by default the one that is shipped; repeat it for "
        "several",
    )
    command.add_argument("--host", default="127.0.0.1", help="address to listen at")
    command.add_argument(
        "--port", type=whole(0, 65535), default=8000, help="port to listen at"
    )
    command.add_argument(
        "--to", metavar="FOLDER", help="write a site for any web server, and stop"
    )
    command.add_argument(
        "--with-espeak", action="store_true", help="with --to: the add-on goes along"
    )
    command.add_argument(
        "--install-espeak",
        action="store_true",
        help="install espeak-ng (GPL) for the page, and stop",
    )
    command.add_argument(
        "--yes", action="store_true", help="with --install-espeak: don't ask"
    )


def add_training(command):
    command.add_argument("--preset", help="size of the anchor; by default the take's")
    command.add_argument("--minutes", type=positive, default=8.0, help="of training")
    command.add_argument("--seed", type=SEED, default=0, help="of the run")
