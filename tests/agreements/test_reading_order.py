"""What a screen reader says of a signed agreement: everything in it, once, in order."""

import re

import pytest

from preau.documents import rendering
from tests.documents_pdf.reader import spoken

pytestmark = pytest.mark.django_db
TRIAL = (
    "ESSAI, sans valeur. Ce document est scellé par un certificat d’essai : il n’engage personne."
)
ACCEPTED = "Chaque partie déclare avoir lu la convention et ses annexes, et les accepter."


def bare(pieces):
    """The letters alone: lines are cut, and lists marked, as the page wants."""
    return re.sub(r"\s|•", "", "".join(pieces))


def party(rank, one):
    yield "et" * (rank > 0) + ", ".join([one["name"], *one["lines"]])
    if one["represented_by"]:
        yield f"Signataire : {one['represented_by']}."
    yield f"Ci-après : « {one['role']} »."


def clause(word, rank, one):
    yield f"{word} {rank}. {one['title']}"
    if one["basis"]:
        yield f"Fondement : {one['basis']}."
    yield re.sub(r"(?m)^\s*- ", "", one["text"])
    if one["table"]:
        yield one["table"]["caption"]
        yield from one["table"]["headers"]
        for row in one["table"]["rows"]:
            yield from row


def expected(content):
    yield from content["sender"]
    yield TRIAL
    yield content["title"] + content["subtitle"] + f"Référence : {content['number']}"
    yield "Entre les soussignés"
    for rank, one in enumerate(content["parties"]):
        yield from party(rank, one)
    yield f"Vu : {content['legal_basis']}."
    for rank, one in enumerate(content["articles"], start=1):
        yield from clause("Article", rank, one)
    yield "Signatures" + ACCEPTED
    for zone in content["zones"]:
        yield f"{zone['name']}, {zone['quality']}Signature de {zone['name']}"
    for rank, one in enumerate(content["annexes"], start=1):
        yield from clause("Annexe", rank, one)
    yield "Cachet de Préau"


@pytest.mark.parametrize("state", ["prepared", "sealed"])
def test_everything_is_said_once_and_in_order(papers, state):
    said = bare(text for _, text in spoken(papers.files[state]))
    wanted = bare(expected(rendering.tidy(papers.content)))
    same = next((at for at, (a, b) in enumerate(zip(said, wanted, strict=False)) if a != b), None)
    assert said == wanted, f"…{said[same - 40 : same + 80]} | …{wanted[same - 40 : same + 80]}"


def test_tables_are_said_row_by_row_under_their_headers(papers):
    said = spoken(papers.files["sealed"])
    cells = [(tag, text) for tag, text in said if tag in {"TH", "TD", "Strong"}]
    tables = [one["table"] for one in papers.content["annexes"] if one["table"]]
    for table in tables:
        at = cells.index(("TH", rendering.tidy(table["headers"][0])))
        shown = [text for _, text in cells[at : at + len(table["headers"])]]
        assert shown == [text.replace("\u00a0", " ") for text in rendering.tidy(table["headers"])]
    assert len(tables) == 3


def test_signature_fields_are_said_with_their_signatory(papers):
    texts = [text for _, text in spoken(papers.files["sealed"])]
    for name in papers.signers:
        assert (
            texts.index(f"Signature de {name}") == texts.index(name, texts.index("Signatures")) + 2
        )
