"""An agent describes an offer; a colleague publishes it; a mayor finds it and signals an error."""

from datetime import timedelta

import pytest

from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.resources.days import today
from preau.resources.enums import ResourceState
from preau.resources.models import Resource
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.resources.factories import published
from tests.territories.factories import CommuneFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def service():
    CommuneFactory()
    return OrganizationFactory(kind=OrganizationKind.STATE_SERVICE, verified=True, name="DDT")


def check(page, *labels):
    for label in labels:
        page.get_by_label(label, exact=True).check(force=True)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_an_offer_from_its_first_line_to_who_needs_it(open_visitor, service, javascript):
    anne = MembershipFactory(organization=service, role=MembershipRole.MEMBER)
    bernard = MembershipFactory(organization=service, role=MembershipRole.MANAGER)
    visitor = open_visitor(javascript=javascript)
    page = visitor.page
    visitor.sign_in(anne.user, anne)
    visitor.go("/gerer/ressources/")
    visitor.press("Ajouter une fiche", role="link")
    check(page, "Offre d’ingénierie")
    visitor.fill("Titre", "Visite conseil d’un bâtiment")
    visitor.press("Continuer")
    visitor.fill("En une phrase", "Un ingénieur vient une demi-journée.")
    visitor.fill("Territoires", "Isère\nAtlantide")
    check(page, "Ingénierie", "Transition énergétique et bâtiments", "Commune")
    visitor.fill("La fiche est à jour jusqu’au", (today() + timedelta(days=300)).isoformat())
    visitor.press("Enregistrer")
    assert page.get_by_text("Nous ne trouvons pas « Atlantide »").first.is_visible()
    assert page.get_by_label("En une phrase").input_value().startswith("Un ingénieur")
    assert page.get_by_label("Ingénierie", exact=True).is_checked()
    if javascript:
        visitor.assert_accessible()
    visitor.fill("Territoires", "Isère")
    visitor.press("Enregistrer")
    visitor.press("Changer les contacts", role="link")
    page.get_by_label("Adresse électronique").first.fill("batiments@ddt.example")
    visitor.press("Enregistrer les contacts")
    visitor.press("Soumettre à relecture")
    assert page.get_by_role("button", name="Publier la fiche").count() == 0

    colleague = open_visitor(javascript=javascript)
    colleague.sign_in(bernard.user, bernard)
    colleague.go("/gerer/ressources/?etat=a_relire")
    colleague.press("Visite conseil d’un bâtiment", role="link")
    colleague.press("Publier la fiche")
    if javascript:
        colleague.assert_accessible()

    mayor = open_visitor(javascript=javascript)
    mayor.sign_in(UserFactory())
    mayor.go("/ressources/")
    mayor.fill("Que cherchez-vous ?", "conseils batiment")
    mayor.fill("Pour quelle commune ?", "38000")
    mayor.press("Chercher")
    if javascript:
        mayor.assert_accessible()
    mayor.press("Visite conseil d’un bâtiment", role="link")
    assert mayor.page.get_by_text("batiments@ddt.example").is_visible()
    mayor.press("Signaler une erreur ou une fiche périmée", role="link")
    check(mayor.page, "Le contact n’est plus le bon")
    mayor.press("Signaler")
    assert mayor.page.get_by_text("sont prévenues").is_visible()

    colleague.go("/gerer/ressources/?etat=signalee")
    colleague.press("Visite conseil d’un bâtiment", role="link")
    colleague.press("C’est traité")
    for one in (visitor, colleague, mayor):
        one.check()


def test_each_state_of_a_record_is_readable(visitor, service):
    bernard = MembershipFactory(organization=service, role=MembershipRole.MANAGER)
    visitor.sign_in(bernard.user, bernard)
    long = "Accompagnement pluriannuel des intercommunalités rurales à la rénovation des bâtiments"
    for state in ResourceState:
        published(owner=service, title=f"{long} {state.label}", state=state)
    near = published(owner=service, expires_on=today() + timedelta(days=3), closes_on=today())
    near.signals.create(reason="lien", message="Le lien ne mène nulle part.")
    near.contacts.create(name="Mme Blanc", email="blanc@ddt.example", phone="0476000000")
    visitor.go("/gerer/ressources/")
    visitor.assert_accessible()
    for one in Resource.objects.order_by("pk"):
        visitor.go(f"/gerer/ressources/{one.pk}/")
        visitor.assert_accessible()
    expired = Resource.objects.get(state=ResourceState.EXPIRED)
    for address in (f"/ressources/{expired.pk}/", f"/ressources/{near.pk}/", "/ressources/?q=rien"):
        visitor.go(address)
        visitor.assert_accessible()
