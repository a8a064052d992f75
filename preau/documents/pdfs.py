"""PDFs that people send: whole, open to all, and still."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import settings as qpdf

from preau.core.errors import Refusal

MOST_PAGES = 500
#: Reading them all takes a second or two; a certificate has a few hundred.
MOST_OBJECTS = 30_000
MOST_PARTS = 150_000
#: What decompressing one stream may take: a bomb stops there.
MOST_MEMORY = 64 * 1024 * 1024
#: Actions that do something besides turning a page of the same file or opening a web page.
STILL_ACTIONS = {"/GoTo", "/URI", "/Named", "/Thread"}
#: Addresses that run something or read the reader's own disk.
LOCAL = re.compile(r"\s*(javascript|vbscript|file|data)\s*:", re.IGNORECASE)
ANNOTATIONS = {"/RichMedia", "/FileAttachment", "/Screen", "/Movie", "/Sound", "/3D"}
SAVE_AGAIN = "Ouvrez-le et imprimez-le en PDF, puis envoyez ce nouveau fichier."

qpdf.set_qpdf_limits(
    flate_max_memory=MOST_MEMORY,
    run_length_max_memory=MOST_MEMORY,
    parser_max_container_size=MOST_PARTS,
)


def check(content: bytes, *, field: str = "file") -> None:
    """Refuse a PDF that is locked, damaged, or that does something when it is opened.

    Raises:
        Refusal: with what to do about it.
    """
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise _locked(field)
            _refuse_size(pdf, field)
            found = next(_active(pdf), "")
    except pikepdf.PasswordError:
        raise _locked(field)
    except (pikepdf.PdfError, RecursionError, ValueError, KeyError, TypeError):
        raise Refusal(f"Ce PDF est abîmé ou incomplet. {SAVE_AGAIN}", field=field, code="damaged")
    if found:
        raise Refusal(
            f"Ce PDF contient {found}, ce que nous refusons pour la sécurité de tous. {SAVE_AGAIN}",
            field=field,
            code="active",
        )


def _locked(field: str) -> Refusal:
    return Refusal(
        f"Ce PDF est protégé par un mot de passe ou un chiffrement. {SAVE_AGAIN}",
        field=field,
        code="encrypted",
    )


def _refuse_size(pdf: pikepdf.Pdf, field: str) -> None:
    pages = len(pdf.pages)
    if not pages:
        raise pikepdf.PdfError("no page")
    if pages > MOST_PAGES or len(pdf.objects) > MOST_OBJECTS:
        raise Refusal(
            f"Ce PDF est trop long : {MOST_PAGES} pages au plus. Envoyez-le en plusieurs fois.",
            field=field,
            code="too_long",
        )


def _active(pdf: pikepdf.Pdf) -> Iterator[str]:
    """What the file would do, or carries, in words; nothing for a still one."""
    opening = pdf.Root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and str(opening.get("/S")) != "/GoTo":
        yield "une action à l’ouverture"
    parts = 0
    for each in pdf.objects:
        for dictionary in _dictionaries(each):
            parts += 1
            if parts > MOST_PARTS:
                raise pikepdf.PdfError("too many parts")
            found = _active_in(dictionary)
            if found:
                yield found


def _dictionaries(each: Any) -> Iterator[Any]:
    """The dictionaries of an object, those written inside it included; references not followed."""
    waiting = [each]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Stream | pikepdf.Dictionary):
            entries = one.stream_dict if isinstance(one, pikepdf.Stream) else one
            yield entries
            waiting += list(_direct(dict(entries).values()))
        elif isinstance(one, pikepdf.Array):
            waiting += list(_direct(list(one)))


def _direct(values: Any) -> Iterator[Any]:
    kinds = (pikepdf.Dictionary, pikepdf.Array, pikepdf.Stream)
    return (value for value in values if isinstance(value, kinds) and not value.is_indirect)


def _active_in(entries: Any) -> str:
    keys = set(entries.keys())
    if keys & {"/JS", "/JavaScript"}:
        return "un programme (JavaScript)"
    if "/AA" in keys:
        return "des actions automatiques"
    if keys & {"/XFA"}:
        return "un formulaire dynamique (XFA)"
    if keys & {"/EmbeddedFiles", "/EF", "/RichMediaContent", "/RichMediaSettings"}:
        return "un fichier joint ou un média"
    if str(entries.get("/Type")) == "/EmbeddedFile" or str(entries.get("/Subtype")) in ANNOTATIONS:
        return "un fichier joint ou un média"
    return _action(entries, keys)


def _action(entries: Any, keys: set[str]) -> str:
    """An action dictionary says what it does in /S; so do structure elements and others, in words
    that are no action's."""
    does = str(entries.get("/S", ""))
    if "/URI" in keys and LOCAL.match(str(entries.get("/URI"))):
        return "un lien vers un programme ou un fichier"
    if does in {"/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/GoToDp"} | {
        "/JavaScript",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
        "/SetOCGState",
        "/GoTo3DView",
        "/Trans",
        "/ResetForm",
        "/Hide",
    }:
        return "une action qui ouvre ou envoie autre chose"
    if str(entries.get("/Type")) == "/Action" and does not in STILL_ACTIONS:
        return "une action qui ouvre ou envoie autre chose"
    return ""
