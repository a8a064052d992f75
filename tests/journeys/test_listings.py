"""Kitchen scraps find a compost heap: placed, read first, matched, answered, settled."""

import pytest

from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.initiatives.models import Flow, Listing
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.initiatives.campaign_factories import holder_of, project
from tests.initiatives.listing_factories import published
from tests.territories.factories import CommuneFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def check(page, *labels):
    for label in labels:
        page.get_by_label(label, exact=True).check(force=True)


def place(visitor, *, side, title, text, **more):
    visitor.go("/mes-annonces/nouvelle/")
    check(visitor.page, side, "Régulièrement")
    visitor.page.get_by_label("Catégorie").select_option("denrees")
    visitor.fill("Titre", title)
    visitor.fill("Précisions", text)
    visitor.fill("Commune", more.get("commune", "Grenoble"))
    if "quantity" in more:
        visitor.page.get_by_label("Quantité").fill(more["quantity"])
    if "project" in more:
        visitor.page.get_by_label("Pour un projet").select_option(label=more["project"])
    visitor.press("Enregistrer")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_scraps_find_a_compost_heap(open_visitor, javascript):
    CommuneFactory()
    town = OrganizationFactory(kind=OrganizationKind.COMMUNE, verified=True, name="Ville")
    clerk = MembershipFactory(organization=town, role=MembershipRole.MANAGER)
    of = project(name="Composteurs des Prés")
    holder = holder_of(of)

    # The project looks for scraps, in the name of a verified association: shown at once.
    gardener = open_visitor(javascript=javascript)
    gardener.sign_in(holder.user, holder.membership)
    place(
        gardener,
        side="cherchez quelque chose",
        title="Biodéchets pour nos composteurs",
        text="Seaux fermés, apportés le samedi.",
        quantity="30 kg par semaine",
        project="Composteurs des Prés",
    )
    if javascript:
        gardener.assert_accessible()
    gardener.press("Publier l’annonce")
    assert gardener.page.get_by_text("L’annonce est publiée.").is_visible()

    # A neighbour's first offer is read by the town before the public does.
    cook = open_visitor(javascript=javascript)
    person = UserFactory(first_name="Nadia")
    cook.sign_in(person)
    place(
        cook,
        side="proposez quelque chose",
        title="Épluchures du restaurant",
        text="Trois seaux chaque jour.",
        quantity="40 kg par semaine",
        commune="Atlantide",
    )
    assert cook.page.get_by_text("Nous ne trouvons pas cette commune").first.is_visible()
    cook.fill("Commune", "Grenoble")
    cook.press("Enregistrer")
    cook.press("Publier l’annonce")
    assert cook.page.get_by_text("attend d’être vérifiée").is_visible()

    agent = open_visitor(javascript=javascript)
    agent.sign_in(clerk.user, clerk)
    agent.go("/piloter/annonces/")
    if javascript:
        agent.assert_accessible()
    agent.press("Épluchures du restaurant", role="link")
    if javascript:
        agent.assert_accessible()
    agent.press("Publier l’annonce")

    # Both are told of each other; the gardener writes.
    offer = Listing.objects.get(side="offre")
    need = Listing.objects.get(side="besoin")
    gardener.go(f"/mes-annonces/{need.key}/")
    assert gardener.page.get_by_text("Il s’agit des deux côtés de").first.is_visible()
    if javascript:
        gardener.assert_accessible()
    gardener.press("Écrire", role="link")
    gardener.fill("Votre message", "Pouvons-nous passer le samedi ?")
    gardener.press("Envoyer le message")
    if javascript:
        gardener.assert_accessible()

    cook.go(f"/mes-annonces/{offer.key}/")
    cook.press(holder.organization.name, role="link")
    cook.fill("Votre message", "Oui, à onze heures.")
    cook.press("Envoyer le message")
    assert person.email not in cook.page.content()
    for one in Email.objects.exclude(recipient=person.email):
        assert person.email not in one.text

    # Settled: a flow, on the project's sheet.
    gardener.go(f"/mes-annonces/{need.key}/")
    gardener.press("Conclure", role="link")
    gardener.fill("Quelqu’un d’autre", "Restaurant du marché")
    gardener.press("Conclure")
    flow = Flow.objects.get()
    assert (flow.donor_name, flow.project) == ("Restaurant du marché", of)
    gardener.go(f"/projets/{of.key}/flux/")
    assert gardener.page.get_by_text("Restaurant du marché").first.is_visible()
    if javascript:
        gardener.assert_accessible()
    for one in (gardener, cook, agent):
        one.check()


def test_a_passer_by_finds_and_signals(visitor):
    CommuneFactory()
    made = published(title="Barnum de trois mètres sur six, avec ses cordes et ses piquets")
    visitor.go("/annonces/")
    visitor.fill("Que cherchez-vous ?", "barnum")
    visitor.press("Chercher")
    visitor.assert_accessible()
    visitor.press(made.title, role="link", exact=False)
    visitor.assert_accessible()
    visitor.press("Signaler cette annonce", role="link")
    visitor.press("Signaler")
    assert visitor.page.get_by_text("Choisissez une réponse").first.is_visible()
    check(visitor.page, "C’est une vente, ou une publicité")
    visitor.press("Signaler")
    assert made.signals.count() == 1
    visitor.go("/annonces/?q=rien-de-tel")
    visitor.assert_accessible()
