"""The verification page's judgement of every file a clerk may be given."""

import io
import re
import zlib

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter

from preau.documents import sealing, timestamps, trial, trust
from preau.documents.isolation import verify_apart
from preau.documents.verification import LARGEST, WORDS, Verdict, verify, verify_evidence
from tests.documents_pdf.agreement import LINES, OCCUPANT, OWNER


def flip(pdf, at):
    changed = bytearray(pdf)
    changed[at] ^= 1
    return bytes(changed)


def test_a_sealed_document_is_authentic_by_whom_and_when(sealed):
    report = verify(sealed)
    assert report.authentic
    assert report.trial
    assert [one.name for one in report.signatures[:2]] == [LINES[OWNER][0], LINES[OCCUPANT][0]]
    assert [one.lines for one in report.signatures[:2]] == [
        tuple(LINES[OWNER]),
        tuple(LINES[OCCUPANT]),
    ]
    assert all(one.at and one.ours and one.intact and one.proven for one in report.signatures)
    assert report.sealed_at == report.signatures[2].at
    assert report.signatures[2].is_seal
    assert report.sentences[0] == "Ce document est authentique."
    assert "Mme Hélène Œuvrard, maire, le" in report.sentences[2]


def test_before_the_seal_it_is_not_the_final_copy(signed_once, signed_twice):
    for pdf in (signed_once, signed_twice):
        assert verify(pdf).verdict is Verdict.UNFINISHED


@pytest.mark.parametrize("part", range(1, 20))
def test_one_flipped_byte_is_seen(sealed, part):
    report = verify(flip(sealed, len(sealed) * part // 20))
    assert report.verdict in {Verdict.ALTERED, Verdict.DAMAGED}


def test_one_flipped_byte_of_the_text_names_the_broken_signatures(sealed, prepared):
    at = prepared.index(b"stream\r\n" if b"stream\r\n" in prepared else b"stream\n") + 60
    report = verify(flip(sealed, at))
    assert report.altered
    assert not any(one.intact for one in report.signatures)
    assert "signature rompue" in report.sentences[2]


def with_update(pdf, change):
    """The same file with an incremental update, as a tool that keeps signatures writes it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def append_page(writer):
    stream = writer.add_object(generic.StreamObject(stream_data=b"0 0 50 50 re f"))
    writer.insert_page(PageObject(contents=stream, media_box=(0, 0, 595, 842)))


def _replace_first_page(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    while "/Kids" in page:
        page = page["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 50 50 re f"))
    writer.update_container(page)


def _fill_a_field(writer):
    field = writer.root["/AcroForm"]["/Fields"][0]
    field["/TU"] = generic.pdf_string("Autre")
    writer.update_container(field)


@pytest.mark.parametrize("change", [append_page, _replace_first_page, _fill_a_field])
def test_an_update_after_the_seal_is_seen(sealed, change):
    assert verify(with_update(sealed, change)).altered


@pytest.mark.parametrize("change", [append_page, _replace_first_page])
def test_an_update_between_signatures_is_seen(signed_once, change):
    changed = with_update(signed_once, change)
    later = sealing.sign(changed, field=OCCUPANT, lines=LINES[OCCUPANT])
    assert verify(changed).altered
    assert verify(later).altered


def test_bytes_after_the_end_are_seen(sealed):
    assert verify(sealed + b"\n% une note\n").verdict in {Verdict.ALTERED, Verdict.DAMAGED}


def test_a_file_written_anew_is_seen(sealed):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed)) as file:
        file.save(out)
    assert verify(out.getvalue()).verdict in {Verdict.ALTERED, Verdict.DAMAGED}


def contents(pdf, rank):
    return list(re.finditer(rb"/Contents\s*<([0-9a-fA-F]{2000,})>", pdf))[rank]


def test_a_swapped_signature_is_seen(sealed):
    first, second = contents(sealed, 0), contents(sealed, 1)
    one, two = first[1], second[1]
    assert len(one) == len(two)
    changed = bytearray(sealed)
    changed[slice(*first.span(1))], changed[slice(*second.span(1))] = two, one
    report = verify(bytes(changed))
    assert report.altered
    assert [one.intact for one in report.signatures[:2]] == [False, False]


def test_the_signature_of_another_document_is_seen(prepared, signed_once):
    other = sealing.sign(prepared, field=OWNER, lines=["Quelqu’un d’autre", LINES[OWNER][1]])
    mine, theirs = contents(signed_once, 0), contents(other, 0)
    changed = bytearray(signed_once)
    changed[slice(*mine.span(1))] = theirs[1]
    assert verify(bytes(changed)).altered


def _signed_by(pdf, key, certificate, roots):
    signer = SimpleSigner.load(str(key), str(certificate), ca_chain_files=[str(roots)])
    out = io.BytesIO()
    PdfSigner(
        PdfSignatureMetadata(
            field_name=OWNER, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", name="Quidam"
        ),
        signer=signer,
        timestamper=timestamps.authority(),
    ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
    return out.getvalue()


def test_another_authority_s_signature_is_not_ours(prepared, tmp_path, settings):
    ours = settings.VAR_DIR
    settings.VAR_DIR = tmp_path
    place = trial.folder()
    settings.VAR_DIR = ours
    foreign = _signed_by(prepared, place / "seal.key", place / "seal.crt", place / "root.crt")
    assert verify(foreign).verdict is Verdict.FOREIGN


def test_another_certificate_of_our_authority_is_not_ours(prepared):
    """A public authority certifies others too: here the time-stamp's own certificate signs."""
    place = trial.folder()
    foreign = _signed_by(prepared, place / "tsa.key", place / "tsa.crt", place / "root.crt")
    assert verify(foreign).verdict is Verdict.FOREIGN


def test_a_signature_without_a_time_stamp_proves_nothing(prepared):
    out = io.BytesIO()
    PdfSigner(
        PdfSignatureMetadata(
            field_name=OWNER, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
        ),
        signer=trust.signer(),
    ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(prepared)), output=out)
    report = verify(out.getvalue())
    assert report.verdict is Verdict.UNPROVEN
    assert report.signatures[0].at is None


def _encrypted(pdf):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def test_what_is_not_a_signed_pdf_is_told_apart(rendered, prepared):
    assert verify(rendered).verdict is Verdict.UNSIGNED
    assert verify(prepared).verdict is Verdict.UNSIGNED
    assert verify(b"").verdict is Verdict.NOT_PDF
    assert verify(b"\x89PNG\r\n\x1a\n").verdict is Verdict.NOT_PDF
    assert verify(b"%PDF-1.7\nhello").verdict is Verdict.DAMAGED
    assert verify(_encrypted(rendered)).verdict is Verdict.ENCRYPTED
    assert verify(b"%PDF-1.7" + bytes(LARGEST)).verdict is Verdict.TOO_LARGE


@pytest.mark.parametrize("part", [0.3, 0.6, 0.7, 0.8, 0.9, 0.99, 0.9999])
def test_a_truncated_file_is_never_authentic(sealed, part):
    report = verify(sealed[: int(len(sealed) * part)])
    assert report.verdict in {Verdict.DAMAGED, Verdict.UNSIGNED, Verdict.ALTERED}


def test_every_answer_says_what_to_do():
    assert set(WORDS) == set(Verdict)


def test_evidence_is_of_these_bytes_alone():
    payload = b'{"convention":"CONV-2026-0042"}'
    signature = sealing.sign_evidence(payload)
    assert verify_evidence(payload, signature).authentic
    assert verify_evidence(payload, signature).at is not None
    assert not verify_evidence(payload + b" ", signature).authentic
    assert not verify_evidence(payload, flip(signature, len(signature) // 2)).authentic
    assert not verify_evidence(payload, b"hello").authentic


def test_a_stranger_s_file_is_judged_apart(sealed, rendered):
    assert verify_apart(sealed) == verify(sealed)
    assert verify_apart(rendered) == verify(rendered)


def test_a_file_that_unfolds_without_end_harms_nobody(monkeypatch, sealed):
    bomb = _bomb()
    assert verify_apart(bomb).verdict is Verdict.DAMAGED


def _bomb():
    """A cross-reference stream of some megabytes that unfolds into gigabytes."""
    packer = zlib.compressobj(9)
    head, block = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH), bytes(10_000_000)
    # After a full flush, the same bytes say the same again.
    body = head + (packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)) * 300
    head = b"%PDF-1.7\n1 0 obj\n<</Type/XRef/W[1 2 1]/Size 600000000/Root 2 0 R/Filter/FlateDecode"
    return (
        head
        + b"/Length %d>>\nstream\n" % len(body)
        + body
        + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
    )
