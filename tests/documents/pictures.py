"""Pictures made for tests."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

ORIENTATION = 0x0112
GPS = 0x8825
CAMERA = 0x0110


def picture(width=800, height=600, form="JPEG", name="salle.jpg", mode="RGB", **save):
    """An uploaded picture whose left half is red and right half is blue."""
    image = Image.new(mode, (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    out = io.BytesIO()
    image.save(out, form, **save)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def secrets():
    """What a telephone writes in a picture: turned by a quarter, taken there, with this camera."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[CAMERA] = "Telephone de Camille"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (45.0, 11.0, 20.0)
    return exif
