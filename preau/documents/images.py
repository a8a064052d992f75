"""Pictures that people send: checked, turned upright, stripped of what they tell, made light."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass

from django.core.files.base import File
from PIL import Image, ImageCms, ImageOps

from preau.accounts.actors import Actor
from preau.core.errors import Refusal
from preau.documents import store
from preau.documents.models import StoredFile

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LEAST_SIDE = 200
FULL_SIDE = 1600
THUMBNAIL_SIDE = 480
MEDIA_TYPE = "image/webp"
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
#: What Pillow raises on a file that lies or is cut.
BROKEN = (OSError, SyntaxError, ValueError, EOFError)


@dataclass(frozen=True, slots=True)
class Picture:
    """The same picture twice: to look at, and small for lists."""

    full: StoredFile
    thumbnail: StoredFile


def keep(upload: File[bytes], *, actor: Actor, field: str = "file") -> Picture:
    """Check a picture and keep it in the store as WebP, with a thumbnail.

    Neither keeps anything but the pixels: no place, no date, no camera.

    Raises:
        Refusal: too heavy, not a picture, damaged, too small or too large.
    """
    image = _open(upload, field)
    return Picture(
        full=_keep(image, FULL_SIDE, actor), thumbnail=_keep(image, THUMBNAIL_SIDE, actor)
    )


def readable(content: bytes, side: int, *, field: str = "file") -> bytes:
    """The same picture as a JPEG of that size at most, on white: a page photographed.

    Raises:
        Refusal: not a picture, damaged, too small or too large.
    """
    image = _decode(content, side, field)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert("RGB")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _open(upload: File[bytes], field: str) -> Image.Image:
    if upload.size > MOST_BYTES:
        raise Refusal(
            "Cette image pèse plus de 10\u00a0Mo. Réduisez-la, puis envoyez-la de nouveau.",
            field=field,
            code="too_heavy",
        )
    return _decode(upload.read(), FULL_SIDE, field)


def _decode(content: bytes, side: int, field: str) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
        _refuse_size(image.size, field)
        if image.format == "JPEG":
            image.draft("RGB", (side, side))  # decodes a smaller picture: less memory
        image.load()
        return _pixels(ImageOps.exif_transpose(image))
    except BOMBS as error:
        raise _too_large(field) from error
    except BROKEN as error:
        raise Refusal(
            "Ce fichier n’est pas une image JPEG, PNG ou WebP lisible. "
            "Choisissez une autre image, ou enregistrez-la de nouveau au format JPEG.",
            field=field,
            code="not_a_picture",
        ) from error


def _refuse_size(size: tuple[int, int], field: str) -> None:
    width, height = size
    if width * height > MOST_PIXELS:
        raise _too_large(field)
    if min(size) < LEAST_SIDE:
        raise Refusal(
            f"Cette image est trop petite ({width} × {height} points). "
            f"Il faut au moins {LEAST_SIDE} points de côté.",
            field=field,
            code="too_small",
        )


def _too_large(field: str) -> Refusal:
    return Refusal(
        "Cette image a trop de points (plus de 50 millions). Réduisez-la, puis envoyez-la de "
        "nouveau.",
        field=field,
        code="too_large",
    )


def _pixels(image: Image.Image) -> Image.Image:
    """The picture in sRGB, without any of the file's information."""
    profile = image.info.get("icc_profile")
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    if profile and image.mode in {"RGB", "CMYK"}:
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            image = converted or image
    image = image.convert("RGBA" if has_alpha else "RGB")
    image.info.clear()
    return image


def _keep(image: Image.Image, side: int, actor: Actor) -> StoredFile:
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    copy.save(out, "WEBP", quality=80, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return store.put(out.getvalue(), MEDIA_TYPE, actor=actor, width=copy.width, height=copy.height)
