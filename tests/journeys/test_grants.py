"""A commune sends a prefilled dossier to the (simulated) Démarche numérique and sees « Accepté » come
back; an operator adds the démarche; with and without JavaScript."""

import re

import pytest
from django.urls import reverse

from preau.connectors.actions import following
from preau.connectors.models import Dossier, Procedure
from preau.core.formats import euros
from preau.notifications.models import Email
from preau.projects.enums import FundingState, ProjectState
from tests.accounts.factories import UserFactory
from tests.connectors.conftest import demarches_process  # noqa: F401  (a fixture)
from tests.integrations.misbehaving import door
from tests.projects.factories import ProjectFactory, holder
from tests.territories.factories import CommuneFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def service(demarches_process, settings):  # noqa: F811
    settings.DEMARCHES_URL = demarches_process
    door(demarches_process, "/_mood/none")
    door(demarches_process, "/_reset")
    return demarches_process


@pytest.fixture
def mayor():
    return holder(commune=CommuneFactory(code="38563", name="Voiron", postcodes=["38500"]))


@pytest.fixture
def project(mayor):
    return ProjectFactory(
        name="Une halle couverte pour le marché et les associations",
        description="Couvrir la place.\nRefaire le sol.",
        state=ProjectState.ACCOMPANIED,
        holder_organization=mayor.organization,
        filed_by=mayor.user,
        lead_commune=mayor.organization.commune,
        contact_name="Ana Silva",
        contact_email="mairie@voiron.example",
        budget_cents=480_000_00,
    )


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_dossier_goes_and_its_answer_comes_back(
    open_visitor, service, project, mayor, javascript
):
    _the_operator_adds_it(open_visitor(javascript=javascript))
    visitor = open_visitor(javascript=javascript)
    visitor.sign_in(mayor.user, mayor.membership)
    page = visitor.go(reverse("projects:sheet", args=[project.key]))
    visitor.press("Demander une subvention", role="link")
    visitor.assert_accessible()
    visitor.press("Voir ce qui serait envoyé", role="link", exact=False)
    visitor.assert_accessible()
    visitor.press("Créer le dossier déjà rempli")
    assert (
        page.get_by_role("main").get_by_role("alert").count()
        or page.locator(".fr-alert--error").count()
    )
    visitor.assert_accessible()
    visitor.fill("Montant que vous demandez", "120 000")
    visitor.press("Créer le dossier déjà rempli")
    assert page.get_by_text("À ouvrir avant le").count()
    visitor.assert_accessible()
    one = Dossier.objects.get()
    _the_service(visitor, one)
    _the_state_comes_back(visitor, project, one)
    visitor.check()


def _the_operator_adds_it(visitor):
    visitor.sign_in(UserFactory(operator=True))
    page = visitor.go(reverse("connectors:procedures"))
    visitor.assert_accessible()
    visitor.press("Ajouter une démarche", role="link")
    visitor.fill("Adresse de la démarche", "https://service.example/commencer/detr-dsil-2027")
    page.get_by_label("Correspondances proposées").select_option("detr_dsil")
    visitor.assert_accessible()
    visitor.press("Lire la démarche")
    visitor.assert_accessible()
    visitor.press("Confirmer les correspondances")
    visitor.assert_accessible()
    visitor.press("Proposer aux porteurs")
    assert page.get_by_text("Elle est proposée aux porteurs").count()
    one = Procedure.objects.get()
    visitor.go(reverse("connectors:procedure_terms", args=[one.key]))
    visitor.fill("Nom donné aux porteurs", "DETR et DSIL 2027")
    visitor.press("Enregistrer")
    visitor.go(reverse("connectors:procedures"))
    visitor.assert_accessible()


def _the_service(visitor, one):
    """On the service: the dossier is filled already; it is filed, then accepted."""
    page = visitor.page
    page.get_by_role("link", name="Continuer sur Démarche numérique").click()
    page.wait_for_url("**/commencer/**")
    said = page.get_by_role("main").inner_text()
    assert "Une halle couverte pour le marché" in said
    assert "120000" in said
    for words in ("Déposer le dossier", "en_instruction", "accepte"):
        page.get_by_role("button", name=re.compile(words)).click()
        page.wait_for_url(f"**/dossiers/{one.number}")


def _the_state_comes_back(visitor, project, one):
    assert following.follow() == 1
    letter = Email.objects.filter(recipient=project.filed_by.email).latest("pk")
    assert "est accepté" in letter.subject
    page = visitor.go(reverse("projects:sheet", args=[project.key]))
    assert page.get_by_text("Montant accordé à indiquer").count()
    visitor.go(reverse("connectors:grant_dossier", args=[one.key]))
    visitor.assert_accessible()
    visitor.press("Indiquer le montant accordé", role="link")
    visitor.assert_accessible()
    visitor.fill("Montant accordé", "90 000")
    visitor.press("Enregistrer le montant")
    funding = Dossier.objects.get().funding
    assert (funding.state, funding.granted_cents) == (FundingState.GRANTED, 90_000_00)
    page = visitor.go(reverse("projects:funding", args=[project.key]))
    assert page.get_by_text(f"{euros(90_000_00)} accordés").count()


def test_on_a_bad_day_one_does_it_by_hand(open_visitor, service, project, mayor):
    _the_operator_adds_it(open_visitor())
    door(service, "/_mood/500")
    visitor = open_visitor()
    visitor.sign_in(mayor.user, mayor.membership)
    one = Procedure.objects.get()
    address = reverse("connectors:grant_prepare", args=[project.key])
    page = visitor.go(f"{address}?demarche={one.key}")
    visitor.fill("Montant que vous demandez", "120 000")
    visitor.press("Créer le dossier déjà rempli")
    assert page.get_by_text("n’a pas répondu à temps").count()
    assert page.get_by_text("Une halle couverte").count()
    visitor.assert_accessible()
