"""The command `keras-anchor`: parse, call one function, print where the result went.

Everything heavy is imported inside the commands, so that `--help` is instant and a
command asks only for the packages it uses.
"""

import json
import os
import sys

from keras_anchor import film_commands, footage_commands, presets
from keras_anchor.arguments import build_parser
from keras_anchor.results import (
    describe_error,
    describe_path,
    plain_warnings,
)

STOPPED = 130
# TensorFlow reads these when it is imported: oneDNN, which it leaves off on some
# processors, trains 1.7 times faster; level 3 hides what its optimizers tried in vain.
# Its errors are exceptions all the same.
TENSORFLOW_SETTINGS = {"TF_ENABLE_ONEDNN_OPTS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}


def doctor(options):
    from keras_anchor.doctor import diagnose

    if not diagnose():
        sys.exit(footage_commands.BAD_INPUT)


def presenter(options):
    from keras_anchor.data.presenters.filming import film

    return film(
        options.name,
        options.to,
        num_frames=options.frames,
        size=options.size,
        seed=options.seed,
    )


def train(options):
    settings = {
        "preset": options.preset,
        "minutes": options.minutes,
        "seed": options.seed,
        "without": options.without,
    }
    if options.dry_run:
        from keras_anchor.data.takes import Take

        resolved = {"take": options.take, "run": options.to, **settings}
        preset = options.preset or presets.choose(Take(options.take).size)
        print(json.dumps(resolved | {"preset": preset} | presets.get(preset), indent=2))
        return None
    from keras_anchor.train import train

    return train(options.take, options.to, **settings)


def export(options):
    from keras_anchor.export import FORMATS, export_anchor

    return export_anchor(
        options.run,
        options.to,
        name=options.name,
        formats=options.formats or list(FORMATS),
        tfjs_weights=options.tfjs_weights,
    )


def demo(options):
    from keras_anchor.demo import install_addon, serve, write_site

    for flag, given, other in (
        ("--with-espeak", options.with_espeak, "--to"),
        ("--yes", options.yes, "--install-espeak"),
    ):
        if given and not getattr(options, other[2:].replace("-", "_")):
            raise ValueError(
                f"`{flag}` goes with `{other}`. Add that, or leave it out."
            )
    if options.install_espeak:
        folder = install_addon(is_agreed=options.yes)
        if options.to is None:
            return folder
    if options.to is not None:
        return write_site(options.anchor, options.to, options.with_espeak)
    serve(options.anchor, host=options.host, port=options.port)
    return None


def measure(options):
    from keras_anchor.measure import measure

    return measure(options.run, options.take, reference_folder=options.against)


def make_all(options):
    from keras_anchor.pipeline import make_anchor

    make_anchor(
        options.take,
        options.to,
        preset=options.preset,
        minutes=options.minutes,
        seed=options.seed,
        install_seconds=options.install_seconds,
    )


COMMANDS = {
    "doctor": doctor,
    "presenter": presenter,
    "record": footage_commands.record,
    "check": footage_commands.check,
    "capture": footage_commands.capture,
    "train": train,
    "export": export,
    "photo": footage_commands.photo,
    "say": film_commands.say,
    "render": film_commands.render,
    "script": film_commands.script,
    "lesson": film_commands.lesson,
    "live": film_commands.live,
    "demo": demo,
    "measure": measure,
    "all": make_all,
}


def main(arguments=None):
    options = build_parser().parse_args(arguments)
    for name, value in TENSORFLOW_SETTINGS.items():
        os.environ.setdefault(name, value)
    try:
        with plain_warnings():
            result = COMMANDS[options.command](options)
    except KeyboardInterrupt:
        return complain("stopped.", STOPPED)
    except expected_errors() as error:
        if "debug" in options:
            raise
        return complain(describe_error(error), footage_commands.BAD_INPUT)
    if result is not None:
        print(describe_path(result))
    return 0


def expected_errors():
    """What a user can mend; TensorFlow's errors only where it is loaded anyway."""
    tensorflow = sys.modules.get("tensorflow")
    errors = (ValueError, OSError, ImportError)
    return (*errors, tensorflow.errors.OpError) if tensorflow else errors


def complain(message, status):
    print(f"keras-anchor: {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
