"""A real sealed agreement, altered in each known way: the code and the public page both see it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from preau.documents import sealing
from preau.documents.verification import Verdict, verify
from tests.documents_pdf.judge import drawn, pdfsig
from tests.documents_pdf.test_verification import append_page, contents, flip, with_update

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(papers):
    return papers.files["sealed"]


def page_of(client, pdf):
    upload = SimpleUploadedFile("convention.pdf", pdf, content_type="application/pdf")
    return client.post("/verifier/", {"file": upload}).content.decode()


def flipped(papers):
    """One bit of the first page's text."""
    at = papers.files["prepared"].index(b"stream\n") + 60
    return flip(papers.files["sealed"], at)


def extended(papers):
    return with_update(papers.files["sealed"], append_page)


def swapped(papers):
    """The signature of the first in the place of the second's, and the other way round."""
    sealed = papers.files["sealed"]
    first, second = contents(sealed, 0), contents(sealed, 1)
    one, two = first[1], second[1]
    assert len(one) == len(two)
    changed = bytearray(sealed)
    changed[slice(*first.span(1))], changed[slice(*second.span(1))] = two, one
    return bytes(changed)


def borrowed(papers):
    """The same document, whose second place was signed by somebody else."""
    mine = papers.files["signed_2"]
    theirs = sealing.sign(
        papers.files["signed_1"], field="signataire-2", lines=["Quelqu’un d’autre"]
    )
    a, b = contents(mine, 1), contents(theirs, 1)
    changed = bytearray(papers.files["sealed"])
    changed[slice(*a.span(1))] = b[1].ljust(len(a[1]), b"0")[: len(a[1])]
    return bytes(changed)


def test_untouched_it_is_authentic_and_names_its_three_signatories(client, papers, sealed):
    report = verify(sealed)
    assert report.authentic
    assert [one.name for one in report.signatures if not one.is_seal] == papers.signers
    page = page_of(client, sealed)
    assert "Ce document est authentique" in page
    for name in papers.signers:
        assert name in page


@pytest.mark.parametrize("how", [flipped, extended, swapped, borrowed])
def test_an_alteration_is_reported(client, papers, how):
    altered = how(papers)
    assert verify(altered).verdict is Verdict.ALTERED
    page = page_of(client, altered)
    assert "Ce document a été modifié après sa signature" in page
    assert "Ce document est authentique" not in page


def test_pdfsig_agrees_on_the_flipped_byte(papers, sealed, tmp_path):
    file = tmp_path / "convention.pdf"
    file.write_bytes(sealed)
    assert pdfsig(file).count("Signature is Valid") == 4
    file.write_bytes(flipped(papers))
    said = pdfsig(file)
    assert "Signature is Valid" not in said
    assert said.count("Digest Mismatch") == 4


def test_a_stamp_keeps_its_words_apart(sealed, tmp_path):
    """Dates are written with spaces that do not break; they are drawn as spaces."""
    file = tmp_path / "convention.pdf"
    file.write_bytes(sealed)
    said = re.findall(r"Consentement donné le \w+ \d+(?:er)? \w+ \d{4} à \d+ h \d\d", drawn(file))
    assert len(said) == 3


def revisions(papers):
    """Each state that a round went through, and what is said of a file cut back to it."""
    files = papers.files
    yield files["prepared"], Verdict.UNSIGNED
    for number in (1, 2, 3):
        yield files[f"signed_{number}"], Verdict.UNFINISHED


def test_cut_back_to_a_state_of_its_round_it_is_not_final(papers, sealed):
    for state, verdict in revisions(papers):
        assert sealed.startswith(state)
        assert verify(sealed[: len(state)]).verdict is verdict


@pytest.mark.parametrize("more", [-1, 7, 700])
def test_cut_anywhere_else_it_is_never_said_sound(papers, sealed, more):
    """Not even where the last whole signature is good: something follows it, or lacks."""
    for state, _ in list(revisions(papers))[1:]:
        report = verify(sealed[: len(state) + more])
        assert report.verdict in {Verdict.ALTERED, Verdict.DAMAGED}
