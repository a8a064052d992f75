"""Fields, signatures, the seal: what is made, and what is refused."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pytest

from preau.documents import rendering, sealing, stamps
from preau.documents.verification import verify
from tests.documents_pdf.agreement import AT, LINES, OCCUPANT, OWNER, TEMPLATE, data


def fields(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return {str(one.T): "/V" in one for one in file.Root.AcroForm.Fields if "/FT" in one}


def test_fields_are_there_once_and_empty(prepared, rendered):
    assert fields(prepared) == {OWNER: False, OCCUPANT: False, sealing.SEAL: False}
    boxes = rendering.boxes(TEMPLATE, data(), at=AT)
    assert sealing.prepare(rendered, boxes, labels={}) != b""
    again = sealing.prepare(rendered, boxes, labels={})
    assert again == sealing.prepare(rendered, boxes, labels={})


def test_each_step_keeps_what_was_signed_before(prepared, signed_once, signed_twice, sealed):
    assert signed_once.startswith(prepared)
    assert signed_twice.startswith(signed_once)
    assert sealed.startswith(signed_twice)
    assert all(signed for name, signed in fields(sealed).items())


def test_a_stamp_shows_its_lines_in_the_font_of_the_document(signed_once):
    with pikepdf.open(io.BytesIO(signed_once)) as file:
        widget = next(one for one in file.Root.AcroForm.Fields if str(one.T) == OWNER)
        drawn = widget.AP.N
        font = drawn.Resources.Font["/F"]
        assert font.objgen == file.Root.AcroForm.DR.Font["/PreauTampon"].objgen
        assert drawn.read_bytes().count(b"Tj") == len(LINES[OWNER]) + 1  # and the trial's mark
        assert str(widget.V.Name) == LINES[OWNER][0]
    assert len(signed_once) < 150_000


def test_a_stamp_draws_spaces_that_do_not_break():
    line = stamps.letters().line
    assert line("22\u00a0novembre à 5\u202fh") == line("22 novembre à 5 h")


def test_a_field_is_signed_once(signed_once):
    with pytest.raises(sealing.SealingError, match="signed already"):
        sealing.sign(signed_once, field=OWNER, lines=LINES[OWNER])


def test_a_field_that_is_not_there_is_not_made(prepared):
    with pytest.raises(sealing.SealingError, match="no signature field"):
        sealing.sign(prepared, field="quidam", lines=["Quidam"])


def test_a_file_without_fields_is_not_sealed(rendered):
    with pytest.raises(sealing.SealingError):
        sealing.seal(rendered)


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7\nnothing"])
def test_what_is_no_pdf_is_refused(content):
    with pytest.raises(sealing.SealingError):
        sealing.sign(content, field=OWNER, lines=["Quidam"])


def test_long_and_foreign_names_fit(prepared):
    lines = ["Đorđe Šarić-Łukasiewicz " + "de la Très Longue Lignée " * 4, "漢字", "", "x" * 200]
    assert sealing.sign(prepared, field=OWNER, lines=lines)


def test_signing_and_judging_work_inside_an_event_loop(prepared):
    async def asynchronous():
        return verify(sealing.sign(prepared, field=OWNER, lines=LINES[OWNER]))

    # In a thread, since the browser of other tests runs a loop in this one.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, asynchronous()).result().signatures[0].proven
