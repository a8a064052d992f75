"""Files that people send: believed on their content only."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.base import File

from preau.core.errors import Refusal
from preau.documents import images, pdfs

MOST_BYTES = 10 * 1024 * 1024
PDF = "application/pdf"
#: A page photographed stays readable.
READABLE_SIDE = 2000
#: How files begin. The name and the type that the browser gives prove nothing.
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be kept."""

    content: bytes
    media_type: str


def check(upload: File[bytes], *, field: str = "file") -> Checked:
    """What will be kept of a file sent: a PDF as it is, a picture written anew.

    Raises:
        Refusal: empty, too heavy, neither PDF nor picture, damaged, or with something active in it.
    """
    if upload.size > MOST_BYTES:
        raise Refusal(
            "Ce fichier pèse plus de 10\u00a0Mo. Réduisez-le (numérisez en 150 ou 200 points par"
            " pouce, par exemple), puis envoyez-le de nouveau.",
            field=field,
            code="too_heavy",
        )
    content = upload.read()
    if not content:
        raise Refusal("Ce fichier est vide. Choisissez-en un autre.", field=field, code="empty")
    if content.startswith(b"%PDF-"):
        pdfs.check(content, field=field)
        return Checked(content, PDF)
    if content.startswith(PICTURES):
        return Checked(images.readable(content, READABLE_SIDE, field=field), "image/jpeg")
    raise Refusal(
        "Ce fichier n’est ni un PDF ni une image JPEG, PNG ou WebP. Enregistrez-le en PDF, ou"
        " photographiez le document.",
        field=field,
        code="not_taken",
    )
