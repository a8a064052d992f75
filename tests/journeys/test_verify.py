"""« Vérifier un document », as a clerk with a file on her desk; JavaScript or not."""

import pytest

from preau.documents import rendering, sealing
from tests.documents_pdf.agreement import AT, LABELS, LINES, OWNER, TEMPLATE, data

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    pdf = rendering.render(TEMPLATE, data(), at=AT)
    boxes = rendering.boxes(TEMPLATE, data(), at=AT)
    pdf = sealing.prepare(pdf, boxes, labels=LABELS)
    pdf = sealing.seal(sealing.sign(pdf, field=OWNER, lines=LINES[OWNER]))
    path = tmp_path_factory.mktemp("clerk") / "convention.pdf"
    path.write_bytes(pdf)
    return path


@pytest.mark.parametrize("javascript", [True, False])
def test_a_clerk_learns_that_a_document_is_authentic_then_that_another_is_not(
    open_visitor, sealed, tmp_path, javascript
):
    clerk = open_visitor(javascript=javascript)
    clerk.go("/")
    clerk.leave_by(clerk.page.get_by_role("link", name="Vérifier un document"))
    clerk.page.get_by_label("Document à vérifier").set_input_files(sealed)
    clerk.page.get_by_role("button", name="Vérifier ce document").click()
    clerk.page.get_by_role("heading", name="Ce document est authentique").wait_for()
    clerk.page.get_by_role("rowheader", name="Mme Hélène Œuvrard, maire").wait_for()
    clerk.assert_accessible()
    clerk.screenshot("verifier-authentique")
    changed = tmp_path / "convention.pdf"
    content = bytearray(sealed.read_bytes())
    content[5_000] ^= 1
    changed.write_bytes(content)
    clerk.page.get_by_label("Document à vérifier").set_input_files(changed)
    clerk.page.get_by_role("button", name="Vérifier ce document").click()
    clerk.page.get_by_role("heading", name="a été modifié après sa signature").wait_for()
    clerk.assert_accessible()
    clerk.screenshot("verifier-modifie")
    clerk.check()
