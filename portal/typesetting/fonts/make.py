# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0"]
# ///
"""Cuts BIZ UDPGothic down to what the portal prints: ``make fonts`` runs this again.

    make.py FOLDER     FOLDER holds BIZUDPGothic-Regular.ttf and BIZUDPGothic-Bold.ttf

The whole fonts come with Debian's package fonts-morisawa-bizud-gothic 1.05-2, and from their
project, github.com/googlefonts/morisawa-biz-ud-gothic.
"""

import hashlib
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2]))

from portal.typesetting import glyphs  # noqa: E402  (found only now)

WHOLE = {
    "BIZUDPGothic-Regular.ttf": "8d4fd9568ad662d9eb1bc8ca8663dcd76a6336373e3e3f32d634978db4c7388e",
    "BIZUDPGothic-Bold.ttf": "4148bfdc5da1f32b9e20b2ca25c26da409f4594b8c31da8d3f0d04628793adc4",
}


def main(folder: Path) -> None:
    """Write both fonts beside this script."""
    regular = glyphs.drawn()
    wanted = {
        "BIZUDPGothic-Regular.ttf": regular,
        "BIZUDPGothic-Bold.ttf": "".join(filter(glyphs.is_drawn_bold, regular)),
    }
    for name, characters in wanted.items():
        content = (folder / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != WHOLE[name]:
            sys.exit(f"{folder / name} is not the font of version 1.05 that this was made from")
        _cut(folder / name, HERE / name, characters)


def _cut(whole: Path, cut: Path, characters: str) -> None:
    # Paper and screens of today need no hints; no feature of the layout is used.
    options = subset.Options(hinting=False, layout_features=[], drop_tables=["meta", "DSIG"])
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    font = TTFont(whole, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in characters])
    subsetter.subset(font)
    missing = set(map(ord, characters)) - set(font.getBestCmap())
    if missing:
        sys.exit(f"{whole.name} lacks {''.join(map(chr, sorted(missing)))}")
    font.save(cut)
    sys.stdout.write(f"{cut.name}: {len(characters)} characters, {cut.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
