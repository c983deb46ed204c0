"""How well does an anchor follow somebody else, and does it stay itself?

`python benchmarks/cross_driving.py clip.mp4 --anchor anchors/me --film both.mp4`
"""

import argparse
import json

from keras_anchor.cross_driving import cross_drive


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("video", help="of the driver")
    parser.add_argument("--anchor", help="folder, zip or name")
    parser.add_argument("--frames", type=int, default=500, help="how many at most")
    parser.add_argument("--film", help="to write, driver and anchor side by side")
    options = parser.parse_args()
    scores = cross_drive(options.anchor, options.video, options.frames, options.film)
    print(json.dumps(scores, indent=1))


if __name__ == "__main__":
    main()
