"""What is seen of a signature: a few lines in a frame, in a font the document already holds."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils import content, generic, layout
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import BaseStampStyle
from pyhanko.stamp.base import BaseStamp

FONT = Path(__file__).resolve().parent / "fonts" / "tampon.ttf"
#: The font's name in the form's resources.
NAME = "PreauTampon"
LARGEST, SMALLEST = 8.5, 4.5
_UNKNOWN = "□"
#: Each line is drawn whole: spaces that keep words together are spaces.
_SPACES = str.maketrans("\u00a0\u202f", "  ")


@dataclass(frozen=True, slots=True)
class Letters:
    """The stamp font, read once: letter to glyph, and widths in thousandths."""

    glyphs: dict[str, int]
    widths: tuple[int, ...]
    ascent: int
    descent: int
    box: tuple[int, int, int, int]

    def line(self, text: str) -> list[int]:
        text = unicodedata.normalize("NFC", text).translate(_SPACES)
        return [self.glyphs.get(one, self.glyphs[_UNKNOWN]) for one in text if one.isprintable()]

    def width(self, glyphs: list[int]) -> int:
        return sum(self.widths[one] for one in glyphs)


@cache
def letters() -> Letters:
    with TTFont(FONT) as font:
        scale = 1000 / font["head"].unitsPerEm
        order = font.getGlyphOrder()
        head, across = font["head"], font["hhea"]
        return Letters(
            glyphs={chr(one): font.getGlyphID(name) for one, name in font.getBestCmap().items()},
            widths=tuple(round(font["hmtx"][name][0] * scale) for name in order),
            ascent=round(across.ascent * scale),
            descent=round(across.descent * scale),
            box=(
                round(head.xMin * scale),
                round(head.yMin * scale),
                round(head.xMax * scale),
                round(head.yMax * scale),
            ),
        )


def embed(file: pikepdf.Pdf) -> pikepdf.Object:
    """The font as an object of the document: put there once, before the first signature."""
    known, name = letters(), pikepdf.Name("/PREAUT+" + NAME)
    program = file.make_stream(FONT.read_bytes())
    program["/Length1"] = FONT.stat().st_size
    described = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=list(known.box),
        ItalicAngle=0,
        Ascent=known.ascent,
        Descent=known.descent,
        CapHeight=660,
        StemV=80,
        FontFile2=program,
    )
    glyphs = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=file.make_indirect(described),
        CIDToGIDMap=pikepdf.Name.Identity,
        W=[0, list(known.widths)],
    )
    return file.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=name,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[file.make_indirect(glyphs)],
            ToUnicode=file.make_stream(_to_unicode(known)),
        )
    )


def _to_unicode(known: Letters) -> bytes:
    # A glyph drawn for two letters (the two hyphens) says the first.
    spelled: dict[int, str] = {}
    for letter, glyph in sorted(known.glyphs.items()):
        spelled.setdefault(glyph, letter)
    pairs = [f"<{glyph:04X}> <{ord(letter):04X}>" for glyph, letter in sorted(spelled.items())]
    blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <FFFF>",
        "endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines).encode("ascii")


@dataclass(frozen=True)
class Stamp(BaseStampStyle):
    """Lines drawn in the frame of a field."""

    lines: tuple[str, ...] = ()

    def create_stamp(
        self,
        writer: BasePdfFileWriter,
        box: layout.BoxConstraints,
        text_params: dict[str, Any],
    ) -> BaseStamp:
        return _Drawing(writer, self, box)


class _Drawing(BaseStamp):
    style: Stamp

    def render(self) -> bytes:
        assert self.writer is not None
        form = self.writer.root["/AcroForm"]
        font = form["/DR"]["/Font"].raw_get("/" + NAME)
        self.set_resource(
            category=content.ResourceType.FONT, name=generic.pdf_name("/F"), value=font
        )
        return draw(self.style.lines, self.box.width, self.box.height)


def draw(lines: tuple[str, ...], width: float, height: float) -> bytes:
    """The lines, as large as the frame allows, behind a blue rule."""
    known = letters()
    rows = [known.line(one) for one in lines]
    widest = max([known.width(row) for row in rows], default=0) or 1
    size = min(LARGEST, (width - 16) * 1000 / widest, (height - 6) / (1.22 * max(1, len(rows))))
    size = max(size, SMALLEST)
    parts = ["q", "0 0 0.569 rg", f"3 2 1.5 {height - 4:.2f} re f", "0.086 g"]
    parts += ["BT", f"/F {size:.2f} Tf", f"{size * 1.22:.2f} TL", f"10 {height - 3 - size:.2f} Td"]
    for row in rows:
        parts.append("<" + "".join(f"{glyph:04X}" for glyph in row) + "> Tj T*")
    return " ".join([*parts, "ET", "Q"]).encode("ascii")
