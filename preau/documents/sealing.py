"""Signature fields, signatures and the seal, by the platform's own key (PAdES).

One key signs every step: what tells the signatories apart is the name in each stamp, and the
evidence kept beside. That is the *simple* level, and nothing here claims more (docs/adr/0008).
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping

import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
from pyhanko_certvalidator.errors import PathError

from preau.documents import stamps, structure, timestamps, trial, trust
from preau.documents.loops import outside_any_loop
from preau.documents.rendering import Box
from preau.documents.trust import SEAL

#: The upper part of a frame is left to what the template wrote there (the name).
LABEL_HEIGHT = 24.0
#: Proofs go in before the last time-stamp, so that it covers the whole file, to the last byte.
_PROOFS = DSSContentSettings(
    include_vri=False,
    next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
)


class SealingError(Exception):
    """The file cannot be signed as asked: no such field, signed already, not a PDF of ours."""


class RevocationUnavailable(timestamps.TimestampUnavailable):
    """Nobody could say now that a certificate is not revoked: try again later."""


def prepare(pdf: bytes, boxes: dict[str, Box], *, labels: dict[str, str]) -> bytes:
    """The same document with an empty signature field in each box, and one for the seal.

    Done once, before any signature: later additions could only be untagged, and lose the file
    both its accessibility and its archival form.

    Args:
        labels: by box, what a screen reader says of the field (« Signature de Mme Roux »).
    """
    with pikepdf.open(io.BytesIO(pdf)) as file:
        fields = pikepdf.Array()
        wanted = dict(boxes)
        wanted.setdefault(SEAL, Box(len(file.pages), 0, 0, 0, 0))
        for name, box in wanted.items():
            spoken = labels.get(name) or ("Cachet de Préau" if name == SEAL else "Signature")
            fields.append(_field(file, name, box, spoken))
        file.Root.AcroForm = file.make_indirect(
            pikepdf.Dictionary(
                Fields=fields,
                SigFlags=3,
                DR=pikepdf.Dictionary(Font={"/" + stamps.NAME: stamps.embed(file)}),
            )
        )
        out = io.BytesIO()
        file.save(out, deterministic_id=True)
        return out.getvalue()


def sign(pdf: bytes, *, field: str, lines: list[str]) -> bytes:
    """The document with one more signature (B-T). `lines` are shown; the first is the name.

    Raises:
        TimestampUnavailable: try again later; nothing was signed.
        SealingError: the field is not there, or is signed.
    """
    return _sign(pdf, field, lines)


def seal(pdf: bytes) -> bytes:
    """The document closed by the platform's seal, with all that proves it for years (B-LTA).

    Raises:
        TimestampUnavailable: try again later; nothing was sealed.
        SealingError: there is no seal field, or it is sealed.
    """
    return _sign(pdf, SEAL, ["Document scellé par", trust.seal_name()], last=True)


@outside_any_loop
def sign_evidence(payload: bytes) -> bytes:
    """A detached, time-stamped signature (CMS, DER) over canonical JSON.

    Raises:
        TimestampUnavailable: try again later.
    """
    signed = asyncio.run(
        trust.signer().async_sign_general_data(
            payload, "sha256", timestamper=timestamps.authority(), use_cades=True
        )
    )
    der: bytes = signed.dump()
    return der


@outside_any_loop
def _sign(pdf: bytes, field: str, lines: list[str], *, last: bool = False) -> bytes:
    shown = [*lines, trial.SENTENCE] if trust.is_trial() else lines
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        first = _refuse_unless_empty(writer, field)
        metadata = PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            name=" ".join(lines) if last else lines[0],
            reason=" — ".join(lines),
            certify=first,
            docmdp_permissions=MDPPerm.FILL_FORMS,
            embed_validation_info=last,
            use_pades_lta=last,
            dss_settings=_PROOFS,
            validation_context=trust.sealing_context() if last else None,
        )
        out = io.BytesIO()
        PdfSigner(
            metadata,
            signer=trust.signer(),
            timestamper=timestamps.authority(),
            stamp_style=stamps.Stamp(lines=tuple(shown), border_width=0),
        ).sign_pdf(writer, existing_fields_only=True, output=out)
    except PathError as error:
        raise RevocationUnavailable(str(error)) from error
    except (PdfError, SigningError, pikepdf.PdfError) as error:
        raise SealingError(str(error)) from error
    return out.getvalue()


def _refuse_unless_empty(writer: IncrementalPdfFileWriter, field: str) -> bool:
    """Whether no field is signed yet; refuses one that is not there, or is not empty."""
    state: Mapping[str, bool] = {
        name: value is not None for name, value, _ in enumerate_sig_fields(writer.prev)
    }
    if field not in state:
        raise SealingError(f"There is no signature field {field!r}.")
    if state[field]:
        raise SealingError(f"The field {field!r} is signed already.")
    return not any(state.values())


def _field(file: pikepdf.Pdf, name: str, box: Box, spoken: str) -> pikepdf.Object:
    page = file.pages[box.page - 1]
    widget = file.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Sig,
            T=pikepdf.String(name),
            TU=pikepdf.String(spoken),
            F=132,  # printed, and locked where it is
            Rect=_frame(page, box),
            P=page.obj,
        )
    )
    _, _, width, height = _size(widget)
    blank = file.make_stream(b"")
    blank.update(
        pikepdf.Dictionary(
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, width, height]
        )
    )
    widget.AP = pikepdf.Dictionary(N=blank)
    if name == SEAL:  # once sealed, no field may change any more
        widget.Lock = file.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.SigFieldLock, Action=pikepdf.Name.All)
        )
    page.obj.Annots = pikepdf.Array([*page.obj.get("/Annots", []), widget])
    page.obj.Tabs = pikepdf.Name.S
    _tag(file, page, box, widget)
    return widget


def _tag(file: pikepdf.Pdf, page: pikepdf.Page, box: Box, widget: pikepdf.Object) -> None:
    """A `Form` element in the tree of tags, and the way back to it from the widget."""
    reference = pikepdf.Dictionary(Type=pikepdf.Name.OBJR, Obj=widget, Pg=page.obj)
    element = file.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.Form, K=reference)
    )
    structure.insert_after_words(file, box, element)
    tree = pikepdf.NumberTree(file.Root.StructTreeRoot.ParentTree)
    key = max(tree.keys(), default=-1) + 1
    tree[key] = element
    widget.StructParent = key
    file.Root.StructTreeRoot.ParentTreeNextKey = key + 1


def _frame(page: pikepdf.Page, box: Box) -> list[float]:
    """The lower part of the box, in the page's own measure (from the bottom)."""
    if not box.width:
        return [0, 0, 0, 0]
    top = float(page.mediabox[3]) - box.y
    low = top - box.height
    return [box.x + 2, low + 2, box.x + box.width - 2, top - LABEL_HEIGHT]


def _size(widget: pikepdf.Object) -> tuple[float, float, float, float]:
    left, low, right, high = (float(one) for one in widget.Rect)
    return left, low, right - left, high - low
