"""The real engines' judgement: veraPDF on the standards, pdfsig on the signatures, the tags aloud."""

import io

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from preau.documents import rendering, sealing
from tests.documents_pdf.agreement import AT, LABELS, LINES, OCCUPANT, OWNER, TEMPLATE, data
from tests.documents_pdf.judge import drawn, judged, pdfsig
from tests.documents_pdf.reader import spoken
from tests.documents_pdf.test_verification import flip

#: Fewer checks than that, and the engine has not looked.
CHECKS = {"A-2A": 10_000, "UA-1": 5_000}


@pytest.fixture(scope="session")
def files(tmp_path_factory, rendered, prepared, signed_once, signed_twice, sealed):
    """Every state of an agreement, and two that must not pass."""
    boxes = rendering.boxes(TEMPLATE, data(), at=AT)
    foreign = data(
        title="漢字 😀 Đorđe", zones=[{"label": OWNER, "name": "Đorđe 漢", "quality": ""}]
    )
    other = sealing.prepare(
        rendering.render(TEMPLATE, foreign, at=AT),
        rendering.boxes(TEMPLATE, foreign, at=AT),
        labels=LABELS,
    )
    folder = tmp_path_factory.mktemp("pdf")
    states = {
        "rendered": rendered,
        "prepared": prepared,
        "signed_once": signed_once,
        "signed_twice": signed_twice,
        "sealed": sealed,
        "plain": rendering.render(TEMPLATE, data(), at=AT, trial=False),
        "foreign_signed": sealing.seal(
            sealing.sign(other, field=OWNER, lines=["Đorđe 漢字 Šarić"])
        ),
        "untagged_fields": _untagged(rendered, boxes),
    }
    for name, content in states.items():
        (folder / f"{name}.pdf").write_bytes(content)
    return {name: folder / f"{name}.pdf" for name in states}


def _untagged(pdf, boxes):
    """The negative control: the same fields, as the signing library itself would add them."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    box = boxes[OWNER]
    place = (int(box.x), 100, int(box.x + box.width), 200)
    append_signature_field(writer, SigFieldSpec(OWNER, on_page=box.page - 1, box=place))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="session")
def verdicts(files):
    return judged(files.values())


@pytest.mark.parametrize("profile", CHECKS)
@pytest.mark.parametrize(
    "state",
    ["rendered", "prepared", "signed_once", "signed_twice", "sealed", "plain", "foreign_signed"],
)
def test_every_state_is_archival_and_accessible(verdicts, state, profile):
    passes, checks, reasons = verdicts[state, profile]
    assert passes, "\n".join(reasons)
    if state != "foreign_signed":
        assert checks > CHECKS[profile]


def test_the_engine_sees_fields_without_tags(verdicts):
    passes, _, reasons = verdicts["untagged_fields", "UA-1"]
    assert not passes
    assert any("7.18" in reason for reason in reasons)


def test_a_screen_reader_says_everything_once_and_in_order(sealed):
    said = spoken(sealed)
    expected = [
        "Ville d’essai",
        "Direction des sports",
        "ESSAI, sans valeur",
        "Convention d’occupation du gymnase Jean-Moulin",
        "Les mardis de septembre à juin",
        "Référence : CONV-2026-0042",
        "Entre les soussignés",
        "La commune d’essai",
        "1 place de la Mairie",
        "représentée par Mme Hélène Œuvrard, maire",
        "ci-après « la Ville » ;",
        "et ",
        "Les Chats bottés",
        "RNA W381000000",
        "ci-après « l’occupant » ;",
        *[f"Article {rank}. Objet {rank}" for rank in range(1, 12)],
        "Prix",
        "Ligne",
        "Quantité",
        "Montant",
        "Gymnase, 38 mardis",
        "38",
        "Total",
        "Signatures",
        "Mme Hélène Œuvrard",
        ", maire",
        LABELS[OWNER],
        "M. Ayoub N’Diaye",
        ", président",
        LABELS[OCCUPANT],
        "Cachet de Préau",
    ]
    texts = [text for _, text in said]
    whole = "\n".join(texts)
    at = -1
    for piece in expected:
        at = texts.index(piece, at + 1)
    assert "Page 1" not in whole  # running lines are not read aloud
    assert whole.count("ESSAI, sans valeur") == 1
    assert [text for tag, text in said if tag == "Form"] == [
        LABELS[OWNER],
        LABELS[OCCUPANT],
        "Cachet de Préau",
    ]
    assert [text for tag, text in said if tag == "TH"] == ["Ligne", "Quantité", "Montant"]


def test_fields_are_read_with_their_signatory_and_not_at_the_end(prepared):
    texts = [text for _, text in spoken(prepared)]
    assert texts.index(LABELS[OWNER]) == texts.index("Mme Hélène Œuvrard") + 2


def test_pdfsig_agrees_on_a_sealed_file_and_on_one_flipped_byte(files, prepared, tmp_path):
    said = pdfsig(files["sealed"])
    assert said.count("Signature is Valid") == 3
    changed = tmp_path / "flipped.pdf"
    at = prepared.index(b"stream\n") + 60
    changed.write_bytes(flip(files["sealed"].read_bytes(), at))
    said = pdfsig(changed)
    assert "Signature is Valid" not in said
    assert said.count("Digest Mismatch") == 3


def test_lines_of_a_stamp_are_drawn(files):
    said = drawn(files["sealed"])
    for line in LINES[OWNER]:
        assert line in said
