"""What can be asked for of footage and photos on the command line."""

from keras_anchor.number_types import SIZE, positive, seconds


def add_footage_commands(add):
    """Adds `record`, `check`, `capture` and `photo`.

    Args:
        add: Makes a command's parser from its name and help.
    """
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
