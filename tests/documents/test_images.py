"""Pictures: what comes in, what is refused, what is left of them."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from preau.accounts.actors import SYSTEM
from preau.core.errors import Refusal
from preau.documents import images, store
from tests.documents.pictures import picture, secrets

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def kept(file):
    return Image.open(io.BytesIO(store.read(file)))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_light_in_two_sizes(form):
    result = images.keep(picture(3000, 2000, form), actor=SYSTEM)
    assert (result.full.width, result.full.height) == (1600, 1067)
    assert (result.thumbnail.width, result.thumbnail.height) == (480, 320)
    assert kept(result.full).format == "WEBP"


def test_nothing_is_enlarged():
    result = images.keep(picture(500, 300), actor=SYSTEM)
    assert (result.full.width, result.full.height) == (500, 300)


def test_a_turned_picture_stands_up_and_tells_nothing():
    upload = picture(800, 600, exif=secrets())
    assert b"Telephone de Camille" in upload.read()
    upload.seek(0)
    result = images.keep(upload, actor=SYSTEM)
    image = kept(result.full)
    assert image.size == (600, 800)
    red, _, blue = image.getpixel((300, 50))
    assert red > 200  # the left half is now on top
    assert blue < 100
    assert not image.getexif()
    assert set(image.info) <= {"loop", "background", "timestamp", "duration"}
    for file in (result.full, result.thumbnail):
        assert b"Telephone" not in store.read(file)


def test_transparency_stays():
    result = images.keep(picture(form="PNG", mode="RGBA"), actor=SYSTEM)
    assert kept(result.full).format == "WEBP"


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "1", "I;16"])
def test_unusual_colours_are_understood(mode):
    image = Image.new("RGB", (300, 300), "white")
    image = image.convert("L" if mode == "I;16" else mode).convert(mode)
    out = io.BytesIO()
    image.save(out, "JPEG" if mode == "CMYK" else "PNG")
    upload = SimpleUploadedFile("a.png", out.getvalue())
    assert images.keep(upload, actor=SYSTEM).full.width == 300


def bomb(width=60_000, height=60_000):
    """A PNG of a hundred bytes that claims 3.6 thousand million pixels."""

    def chunk(kind, data):
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10)) + chunk(b"IEND", b"")
    return SimpleUploadedFile("bombe.png", b"\x89PNG\r\n\x1a\n" + body)


@pytest.mark.parametrize("side", [60_000, 11_000, 8_000])
def test_a_bomb_is_refused_before_it_is_opened(side):
    with pytest.raises(Refusal) as caught:
        images.keep(bomb(side, side), actor=SYSTEM)
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7 pas une image",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\0" * 40,
        picture().read()[:2000],
        picture(form="PNG").read()[:600],
    ],
    ids=["empty", "pdf", "svg", "gif", "cut jpeg", "cut png"],
)
def test_an_extension_proves_nothing(content):
    with pytest.raises(Refusal) as caught:
        images.keep(SimpleUploadedFile("salle.jpg", content, "image/jpeg"), actor=SYSTEM)
    assert caught.value.code == "not_a_picture"
    assert caught.value.field == "file"


def test_heavy_and_tiny_pictures_are_refused():
    heavy = SimpleUploadedFile("salle.jpg", b"\0" * (images.MOST_BYTES + 1))
    with pytest.raises(Refusal, match="10\u00a0Mo"):
        images.keep(heavy, actor=SYSTEM)
    with pytest.raises(Refusal, match="trop petite"):
        images.keep(picture(1, 900), actor=SYSTEM)
