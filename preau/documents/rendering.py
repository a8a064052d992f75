"""PDF from typst templates: PDF/A-2a and PDF/UA-1 in one file, the same bytes for the same data.

A template is `<room>/typst/<name>.typ` and is named "room/name.typ". It imports the common layout
by `#import "/documents/typst/lettre.typ": *` and reads `data`: JSON, so that what people typed is
text and never markup.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from fontTools.ttLib import TTFont

from preau.documents import trust

ROOT = Path(__file__).resolve().parent.parent
FONTS = Path(__file__).resolve().parent / "fonts"
STANDARDS: list[Any] = ["a-2a", "ua-1"]
#: What stands for a character that no font of ours draws (PDF/A refuses a missing glyph).
UNKNOWN = "□"

_NAME = re.compile(r"([a-z_]+)/([a-z0-9_-]+\.typ)")
# typst's world is not made for two threads at once.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a page: points from the top left corner, pages from 1."""

    page: int
    x: float
    y: float
    width: float
    height: float


def render(
    template: str, data: dict[str, Any], *, at: datetime, trial: bool | None = None
) -> bytes:
    """The document, as an accessible archival PDF.

    Args:
        template: "room/name.typ".
        at: the instant written in the file; the same instant and data give the same bytes.
        trial: whether every page says « ESSAI, sans valeur »; the seal's certificate decides.
    """
    inputs = _inputs(data, trial)
    with _one_at_a_time:
        pdf = _compiler().compile(
            input=_path(template),
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=STANDARDS,
            timestamp=int(at.timestamp()),
        )
    assert isinstance(pdf, bytes)
    # Without a last line feed, an update's first object would be glued to the end-of-file mark.
    return pdf if pdf.endswith(b"\n") else pdf + b"\n"


def boxes(
    template: str, data: dict[str, Any], *, at: datetime, trial: bool | None = None
) -> dict[str, Box]:
    """Where each signature goes, by the label the template gave its zone."""
    del at  # no zone depends on it; asked for so that both calls read alike
    inputs = _inputs(data, trial)
    with _one_at_a_time:
        # A query takes no data of its own: a compiler for it, on the fonts already read.
        compiler = typst.Compiler(
            _path(template), ROOT, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs
        )
        found = compiler.query("<zone>", field="value")
    return {
        one["label"]: Box(one["page"], one["x"], one["y"], one["width"], one["height"])
        for one in json.loads(found)
    }


def tidy(value: Any) -> Any:
    """Data fit to print: French spaces and apostrophes, no character without a glyph."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {key: tidy(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [tidy(one) for one in value]
    return value


def _text(value: str) -> str:
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\t", " "))
    value = re.sub(r"(?<=\w)'(?=\w)", "’", value)
    value = re.sub(r" +(?=[;:!?»])", "\u00a0", value)
    value = re.sub(r"(?<=«) +", "\u00a0", value)
    known = _drawn()
    return "".join(
        one if one == "\n" or ord(one) in known else UNKNOWN
        for one in value
        if one == "\n" or unicodedata.category(one) not in {"Cc", "Cf", "Cs"}
    )


def _inputs(data: dict[str, Any], trial: bool | None) -> dict[str, str]:
    marked = trust.is_trial() if trial is None else trial
    return {
        "data": json.dumps(tidy(data), ensure_ascii=False),
        "trial": "1" if marked else "",
    }


def _path(template: str) -> str:
    match = _NAME.fullmatch(template)
    path = ROOT / match[1] / "typst" / match[2] if match else None
    if path is None or not path.is_file():
        raise ValueError(f"There is no template {template!r} (expected room/name.typ).")
    return str(path)


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=ROOT, font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


@cache
def _drawn() -> frozenset[int]:
    """Every character that one of the upright fonts draws; the layout falls back to the others."""
    known: set[int] = set()
    for path in FONTS.glob("*_400Regular.ttf"):
        with TTFont(path, lazy=True) as font:
            known |= set(font.getBestCmap())
    return frozenset(one for one in known if unicodedata.category(chr(one)) != "Co")
