"""What a signatory and a requester do in front of the screen, the same in every journey."""

import re

from preau.booking.models import Booking
from tests.documents.factories import pdf_bytes
from tests.journeys import towns
from tests.journeys.world import letter

RISKS = ("Responsabilité civile", "Risques locatifs")


def describe(visitor, organization, **typed):
    """« Vous et votre demande », for a structure."""
    visitor.page.get_by_label(f"Pour {organization.name}").check(force=True)
    for label, value in typed.pop("also", {}).items():
        visitor.fill(label, value)
    visitor.fill("Objet", typed["purpose"])
    visitor.fill("Nombre de personnes attendues", str(typed["people"]))
    visitor.fill("Son téléphone", "04 76 00 00 00")
    visitor.press("Continuer")


def hand_in_insurance(visitor, until):
    """The certificate that the page asks for, before the request is sent."""
    visitor.press("Déposer : Attestation d’assurance", role="link")
    visitor.assert_accessible()
    page = visitor.page
    file = {"name": "attestation.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}
    page.get_by_label("Fichier").set_input_files(file)
    visitor.fill("Nom du document", "Attestation de l’année")
    visitor.fill("Valable jusqu’au", until.isoformat())
    for risk in RISKS:
        page.get_by_label(risk).check(force=True)
    visitor.press("Déposer cette pièce")


def send(visitor):
    """Tick what the summary asks and send; the booking."""
    for box in visitor.page.get_by_role("main").get_by_role("checkbox").all():
        box.check(force=True)
    visitor.press("Envoyer la demande")
    return Booking.objects.latest("pk")


def sign(visitor, email, capacity, *, look=False):
    """From the letter to « Vous avez signé », with the code of the second letter.

    Args:
        look: check every page met; once is enough, the others see the same.
    """
    seen = visitor.assert_accessible if look else visitor.check
    visitor.go(towns.link_in(letter(email, "À signer"), "/signer/"))
    seen()
    visitor.press("Recevoir mon code")
    seen()
    code = re.search(r"Votre code est (\d{3}\D\d{3})", letter(email, "code").text)[1]
    visitor.fill("Code reçu par courriel", code)
    visitor.press("Continuer")
    seen()
    visitor.press("J’ai lu la convention")
    main = visitor.page.get_by_role("main")
    main.get_by_label("Votre qualité").fill(capacity)
    for box in main.get_by_role("checkbox").all():
        box.check(force=True)
    seen()
    visitor.press("Signer la convention")
    visitor.page.get_by_text("Votre signature est en cours").wait_for()
    seen()
    towns.worker()
    if visitor.javascript:  # the page asks by itself
        visitor.page.get_by_text("Actualiser la page").wait_for(state="detached")
    else:
        visitor.press("Actualiser la page", role="link")
    seen()


def download(visitor, name, folder):
    """Follow a link of the main part to a file; where it now is."""
    with visitor.page.expect_download() as coming:
        visitor.page.get_by_role("main").get_by_role("link", name=name).first.click()
    path = folder / "telecharge.pdf"
    coming.value.save_as(path)
    return path


def verify(visitor, path):
    """« Vérifier un document », which must say that it is authentic."""
    visitor.go("/verifier/")
    visitor.page.get_by_label("Document à vérifier").set_input_files(path)
    visitor.press("Vérifier ce document")
    visitor.page.get_by_role("heading", name="Ce document est authentique").wait_for()
    visitor.assert_accessible()
