"""The papers people receive: archival and accessible by the real engine, read in the right order."""

import pytest

from preau.agreements.enums import LegalCase
from tests.documents_pdf.judge import PROFILES, judged

pytestmark = pytest.mark.django_db
MODELS = [f"modele_{case.name.lower()}" for case in LegalCase]
SIGNED = ["signed_1", "signed_2", "signed_3", "sealed"]
OTHERS = ["prepared", "amendment", "evidence", "inventory", "confirmation"]


@pytest.fixture(scope="session")
def verdicts(papers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("conformity")
    for name, pdf in papers.files.items():
        (folder / f"{name}.pdf").write_bytes(pdf)
    return judged(folder / f"{name}.pdf" for name in papers.files)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("paper", [*MODELS, *OTHERS, *SIGNED])
def test_every_paper_is_archival_and_accessible(verdicts, paper, profile):
    passes, checks, reasons = verdicts[paper, profile]
    assert passes, "\n".join(reasons)
    assert checks > 800


def test_no_paper_is_left_out(papers):
    assert set(papers.files) == {*MODELS, *OTHERS, *SIGNED}
