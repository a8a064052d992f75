"""Make `preau/documents/fonts/tampon.ttf`: the Latin letters of a signature's stamp, nothing else.

A stamp names people: the letters of every Latin alphabet of Europe, figures and punctuation. The
file is embedded whole in each document to sign, so that signing opens no font at all. The licence
reserves the name « Source » for the original: the subset has another.

Run: python scripts/build_stamp_font.py
"""

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "preau" / "documents" / "fonts"
SOURCE = FONTS / "SourceSans3_400Regular.ttf"
TARGET = FONTS / "tampon.ttf"
NAME = "PreauTampon"
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x218, 0x21C),
    *(ord(one) for one in "ẀẁẂẃẄẅẞỲỳ‐‑–—‘’‚“”„†•…‹›€№□"),
]


def main() -> None:
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, name_IDs=[])
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "DSIG", "STAT", "meta"]
    font = TTFont(SOURCE, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)
    for rank, text in ((1, "Preau Tampon"), (2, "Regular"), (4, "Preau Tampon"), (6, NAME)):
        font["name"].setName(text, rank, 3, 1, 0x409)
    font.save(TARGET)


if __name__ == "__main__":
    main()
