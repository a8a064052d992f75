"""Drawn pictures for the invented places: a room in a few shapes, one drawing a kind and colour."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from preau.accounts.actors import SYSTEM
from preau.documents import images
from preau.documents.images import Picture
from preau.places.enums import SpaceKind

WIDTH, HEIGHT, FLOOR = 960, 640, 430
#: Wall, floor, furniture, accent.
PALETTES = (
    ("#e8ecf7", "#c9b79c", "#6a7ba2", "#e1a95f"),
    ("#eef3e6", "#b9a58b", "#5f8a6b", "#d98c6a"),
    ("#f6ece6", "#a9a29b", "#8a5f6b", "#6f9bb5"),
)
Pen = ImageDraw.ImageDraw


def _window(pen: Pen, left: int, accent: str) -> None:
    pen.rectangle((left, 110, left + 130, 290), fill="#cfe3f2", outline=accent, width=6)
    pen.line((left + 65, 110, left + 65, 290), fill=accent, width=4)


def _rows_of_tables(pen: Pen, furniture: str, accent: str) -> None:
    pen.rectangle((330, 120, 630, 260), fill="#2f4f4f", outline=accent, width=8)
    for row in range(3):
        for column in range(4):
            left, top = 130 + column * 190 - row * 12, 400 + row * 75
            pen.rectangle((left, top, left + 120, top + 22), fill=furniture)
            pen.line((left + 12, top + 22, left + 12, top + 55), fill=furniture, width=6)
            pen.line((left + 108, top + 22, left + 108, top + 55), fill=furniture, width=6)


def _round_tables(pen: Pen, furniture: str, accent: str) -> None:
    pen.rectangle((300, 300, 660, 430), fill=furniture)
    pen.polygon((280, 300, 680, 300, 620, 150, 340, 150), fill=accent)
    for left, top in ((110, 470), (330, 520), (560, 520), (760, 470)):
        pen.ellipse((left, top, left + 150, top + 60), fill="#ffffff", outline=furniture, width=4)


def _sports_floor(pen: Pen, furniture: str, accent: str) -> None:
    pen.polygon((0, HEIGHT, 180, FLOOR, 780, FLOOR, WIDTH, HEIGHT), fill=accent)
    for share in (0.3, 0.5, 0.7):
        pen.line((180 + 600 * share, FLOOR, WIDTH * share, HEIGHT), fill="#ffffff", width=5)
    pen.rectangle((430, 160, 530, 240), fill="#ffffff", outline=furniture, width=6)
    pen.ellipse((455, 230, 505, 260), outline="#c0392b", width=6)


def _seats(pen: Pen, furniture: str, accent: str) -> None:
    pen.rectangle((220, 180, 740, 400), fill=furniture)
    pen.rectangle((300, 210, 660, 340), fill="#ffffff")
    for row in range(3):
        for left in range(60 + row * 20, WIDTH - 80, 90):
            pen.rounded_rectangle(
                (left, 440 + row * 65, left + 62, 500 + row * 65), 14, fill=accent
            )


def _one_table(pen: Pen, furniture: str, accent: str) -> None:
    pen.ellipse((230, 430, 730, 580), fill=furniture)
    for left in range(240, 720, 110):
        pen.rounded_rectangle((left, 375, left + 60, 440), 12, fill=accent)


def _square(pen: Pen, furniture: str, accent: str) -> None:
    pen.rectangle((0, 0, WIDTH, FLOOR), fill="#d6eaf8")
    for left, height in ((60, 220), (220, 160), (620, 200), (790, 150)):
        pen.rectangle((left, FLOOR - height, left + 130, FLOOR), fill=furniture)
        pen.polygon(
            (left - 12, FLOOR - height, left + 142, FLOOR - height, left + 65, FLOOR - height - 70),
            fill=accent,
        )
    pen.ellipse((400, 180, 560, 340), fill="#7fae7a")
    pen.rectangle((470, 320, 490, FLOOR), fill="#6b4f3a")


Drawing = Callable[[Pen, str, str], None]
DRAWINGS: dict[SpaceKind, tuple[Drawing, str]] = {
    SpaceKind.SALLE_DES_FETES: (_round_tables, "une scène et des tables rondes"),
    SpaceKind.SALLE_REUNION: (_one_table, "une grande table et des chaises"),
    SpaceKind.SALLE_CLASSE: (_rows_of_tables, "un tableau et des rangées de tables"),
    SpaceKind.SALLE_ACTIVITES: (_sports_floor, "une salle vide au sol clair"),
    SpaceKind.SALLE_SPORT: (_sports_floor, "un terrain tracé et un panier de basket"),
    SpaceKind.AUDITORIUM: (_seats, "un écran et des rangées de fauteuils"),
    SpaceKind.CUISINE: (_one_table, "un plan de travail"),
    SpaceKind.ATELIER: (_rows_of_tables, "des établis en rangées"),
    SpaceKind.BUREAU: (_rows_of_tables, "des bureaux en rangées"),
    SpaceKind.PLEIN_AIR: (_square, "un arbre et des maisons"),
    SpaceKind.PLACE_PUBLIQUE: (_square, "un arbre au milieu de maisons"),
}


@cache
def picture(kind: SpaceKind, palette: int) -> tuple[Picture, str]:
    """The drawing of a kind in one of the palettes, kept in the store, and its description."""
    wall, floor, furniture, accent = PALETTES[palette % len(PALETTES)]
    drawing, what = DRAWINGS[kind]
    image = Image.new("RGB", (WIDTH, HEIGHT), wall)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, FLOOR, WIDTH, HEIGHT), fill=floor)
    if drawing is not _square:
        _window(pen, 60, accent)
        _window(pen, 770, accent)
    drawing(pen, furniture, accent)
    content = BytesIO()
    image.save(content, "PNG")
    kept = images.keep(ContentFile(content.getvalue(), "dessin.png"), actor=SYSTEM)
    return kept, f"Dessin : {what}."
