"""Numbers as the command line takes them, within their limits."""

import argparse


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


# What argparse calls text that is no number at all.
positive.__name__ = seconds.__name__ = "number"


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
