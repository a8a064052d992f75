"""What people send: believed on its content, still, whole, or refused in plain words."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from preau.core.errors import Refusal
from preau.documents import uploads
from tests.documents.factories import pdf_bytes, upload
from tests.documents.pictures import picture, secrets


def refused(content, name="attestation.pdf"):
    with pytest.raises(Refusal) as caught:
        uploads.check(upload(content, name))
    assert caught.value.field == "file"
    assert caught.value.sentence.endswith((".", "document."))
    return caught.value.code


def test_a_plain_pdf_is_kept_as_it_is():
    content = pdf_bytes()
    checked = uploads.check(upload(content, "facture.exe"))
    assert (checked.content, checked.media_type) == (content, "application/pdf")


def _root(**entries):
    def change(pdf):
        for key, value in entries.items():
            pdf.Root[f"/{key}"] = value

    return change


def _javascript():
    return Dictionary(Type=Name.Action, S=Name.JavaScript, JS=String("app.alert(1)"))


def _named_javascript(pdf):
    names = Array([String("a"), pdf.make_indirect(_javascript())])
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=names))


def _attachment(pdf):
    pdf.attachments["virus.exe"] = b"MZ"


def _on_page(**entries):
    def change(pdf):
        for key, value in entries.items():
            pdf.pages[0][f"/{key}"] = value

    return change


def _annotation(**entries):
    def change(pdf):
        one = Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **entries)
        pdf.pages[0].Annots = Array([pdf.make_indirect(one)])

    return change


def _xfa(pdf):
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))


def _deep(pdf):
    inner = Dictionary(A=Array([Array([Dictionary(B=_javascript())])]))
    pdf.Root.PieceInfo = Dictionary(X=inner)


def _next_action(pdf):
    launch = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([]), Next=launch)


def _in_object_stream(pdf):
    pdf.Root.OpenAction = pdf.make_indirect(_javascript())


ACTIVE = {
    "javascript at opening": _root(OpenAction=_javascript()),
    "named javascript": _named_javascript,
    "javascript deep inside": _deep,
    "launch": _root(OpenAction=Dictionary(S=Name.Launch, F=String("cmd.exe"))),
    "launch after a still action": _next_action,
    "automatic actions of the file": _root(AA=Dictionary(WC=_javascript())),
    "automatic actions of a page": _on_page(AA=Dictionary(O=Dictionary(S=Name.GoTo))),
    "attachment": _attachment,
    "attachment of a page": _annotation(Subtype=Name.FileAttachment, FS=Dictionary()),
    "rich media": _annotation(Subtype=Name.RichMedia),
    "link that runs": _annotation(Subtype=Name.Link, A=_javascript()),
    "link that sends the form": _annotation(
        Subtype=Name.Link, A=Dictionary(S=Name.SubmitForm, F=String("https://x.example"))
    ),
    "link to another file": _annotation(
        Subtype=Name.Link, A=Dictionary(S=Name.GoToR, F=String("\\\\evil\\share"))
    ),
    "video": _annotation(Subtype=Name.Screen, A=Dictionary(S=Name.Rendition)),
    "unknown action": _annotation(Subtype=Name.Link, A=Dictionary(Type=Name.Action, S=Name.New)),
    "link to a program": _annotation(
        Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(" JavaScript:alert(1)"))
    ),
    "link to the reader's disk": _annotation(
        Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("file:///etc/passwd"))
    ),
    "xfa": _xfa,
}


@pytest.mark.parametrize("change", ACTIVE.values(), ids=ACTIVE)
def test_a_pdf_that_does_something_is_refused(change):
    assert refused(pdf_bytes(change)) == "active"


@pytest.mark.parametrize("mode", list(pikepdf.ObjectStreamMode))
def test_hiding_in_a_compressed_stream_does_not_help(mode):
    pdf = pikepdf.new()
    pdf.add_blank_page()
    _in_object_stream(pdf)
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=mode)
    assert refused(out.getvalue()) == "active"


def test_writing_a_name_otherwise_does_not_help():
    content = pdf_bytes(_root(OpenAction=_javascript()))
    spelled = content.replace(b"/JavaScript", b"/J#61vaScript")
    assert spelled != content
    assert refused(spelled) in {"active", "damaged"}


@pytest.mark.parametrize(
    "change",
    [
        _root(OpenAction=Array([])),
        _root(OpenAction=Dictionary(S=Name.GoTo, D=Array([]))),
        _annotation(
            Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://maif.example"))
        ),
        _root(StructTreeRoot=Dictionary(K=Dictionary(Type=Name.StructElem, S=Name.P))),
        _root(AcroForm=Dictionary(Fields=Array([]))),
    ],
    ids=["destination", "goto", "web link", "structure", "plain form"],
)
def test_what_every_office_program_writes_is_taken(change):
    assert uploads.check(upload(pdf_bytes(change))).media_type == uploads.PDF


@pytest.mark.parametrize("passwords", [{"owner": "x", "user": ""}, {"owner": "x", "user": "y"}])
def test_a_locked_pdf_is_refused(passwords):
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out, encryption=pikepdf.Encryption(**passwords))
    assert refused(out.getvalue()) == "encrypted"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:9],
        lambda content: content.replace(b"xref", b"xxxx"),
        lambda content: b"%PDF-1.7\n" + b"\x00" * 500,
        lambda content: b"%PDF-1.7\n<script>alert(1)</script>",
    ],
    ids=["half", "header", "no table", "zeros", "page"],
)
def test_a_damaged_pdf_is_refused(spoil):
    assert refused(spoil(pdf_bytes())) == "damaged"


def test_no_page_and_too_many_are_refused():
    out = io.BytesIO()
    pikepdf.new().save(out)
    assert refused(out.getvalue()) == "damaged"

    def many(pdf):
        for _ in range(500):
            pdf.add_blank_page()

    assert refused(pdf_bytes(many)) == "too_long"


def test_a_maze_is_refused_in_a_few_seconds():
    def objects(pdf):
        pdf.Root.X = Array([pdf.make_indirect(Dictionary(A=one)) for one in range(31_000)])

    def parts(pdf):
        pdf.Root.X = Array([Array([Dictionary()] * 1000) for _ in range(151)])

    assert refused(pdf_bytes(objects)) == "too_long"
    assert refused(pdf_bytes(parts)) == "damaged"


def test_a_bomb_in_the_object_streams_stops():
    """Ten megabytes that would be gigabytes: qpdf stops at 64 MB, and we refuse."""
    import zlib

    bomb = zlib.compress(b" " * (200 * 1024 * 1024), 9)
    body = (
        b"%%PDF-1.5\n1 0 obj\n<</Type/XRef/W[1 2 1]/Size 3/Root 2 0 R/Filter/FlateDecode"
        b"/Length %d>>stream\n%s\nendstream endobj\nstartxref\n9\n%%%%EOF" % (len(bomb), bomb)
    )
    assert refused(body) == "damaged"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script></html>", "not_taken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not_taken"),
        (b"PK\x03\x04 document.docx", "not_taken"),
        (b"MZ\x90\x00", "not_taken"),
        (b"GIF89a" + b"\0" * 40, "not_taken"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "not_a_picture"),
        (b"\xff\xd8\xff\xe0 not a picture", "not_a_picture"),
        (b" %PDF-1.7", "not_taken"),
        (b"0" * (uploads.MOST_BYTES + 1), "too_heavy"),
    ],
)
def test_nothing_else_is_taken(content, code):
    assert refused(content) == code


def test_a_photograph_is_written_anew_readable_and_mute():
    checked = uploads.check(picture(4000, 3000, exif=secrets()))
    assert checked.media_type == "image/jpeg"
    image = Image.open(io.BytesIO(checked.content))
    assert image.format == "JPEG"
    assert image.size == (1500, 2000)  # upright
    assert b"Telephone" not in checked.content
    assert not image.getexif()


def test_a_program_behind_a_picture_is_gone():
    content = picture().read() + b"<script>alert(1)</script>%PDF-1.7"
    checked = uploads.check(SimpleUploadedFile("a.pdf", content))
    assert b"<script>" not in checked.content


def test_transparency_becomes_white():
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    checked = uploads.check(SimpleUploadedFile("a.png", out.getvalue()))
    assert Image.open(io.BytesIO(checked.content)).getpixel((5, 5)) == (255, 255, 255)
