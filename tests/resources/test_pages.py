"""The pages: what everybody reads, what only some do, what a form keeps."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.resources import listing
from preau.resources.days import today
from preau.resources.enums import ResourceState
from preau.resources.forms import territories
from preau.resources.models import Contact, Resource, Signal
from preau.territories.models import Epci
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.resources.factories import ResourceFactory, published
from tests.territories.factories import CommuneFactory, DepartementFactory, RegionFactory

pytestmark = pytest.mark.django_db
LIST = "/ressources/"


@pytest.fixture
def service():
    return OrganizationFactory(kind=OrganizationKind.STATE_SERVICE, verified=True, name="DDT")


@pytest.fixture
def agent(client, service):
    membership = MembershipFactory(organization=service, role=MembershipRole.MANAGER)
    return sign_in(client, membership.user, membership)


def titles(response):
    return [line.resource.title for line in response.context["page"].lines]


def test_only_what_is_shown_is_listed_and_read(client):
    hidden = [
        ResourceFactory(title="Brouillon"),
        published(title="Relecture", state=ResourceState.REVIEW),
        published(title="Archivée", state=ResourceState.ARCHIVED),
    ]
    old = published(title="Périmée", state=ResourceState.EXPIRED)
    published(title="Finie", expires_on=today() - timedelta(days=1))
    published(title="Close", closes_on=today() - timedelta(days=1))
    published(title="Visible")
    assert titles(client.get(LIST)) == ["Visible"]
    for one in hidden:
        assert client.get(reverse("resources:show", args=[one.pk])).status_code == 404
        assert client.get(reverse("resources:signal", args=[one.pk])).status_code == 404
    shown = client.get(reverse("resources:show", args=[old.pk]))
    assert "Cette fiche est périmée" in shown.content.decode()


def test_filters_narrow_the_list(client):
    CommuneFactory()
    published(
        title="Vélo", themes=["mobilites"], audiences=["association"], areas=["commune:38185"]
    )
    published(title="Rénovation", blockage_kinds=["ingenierie"], kind="ingenierie")
    published(title="Loin", areas=["departement:01"])
    assert titles(client.get(LIST, {"theme": "mobilites"})) == ["Vélo"]
    assert titles(client.get(LIST, {"nature": "ingenierie"})) == ["Rénovation"]
    assert titles(client.get(LIST, {"blocage": "ingenierie"})) == ["Rénovation"]
    assert titles(client.get(LIST, {"pour": "commune"})) == ["Loin", "Rénovation"]
    assert titles(client.get(LIST, {"commune": "grenoble"})) == ["Vélo", "Rénovation"]
    assert titles(client.get(LIST, {"q": "velos"})) == ["Vélo"]
    assert titles(client.get(LIST, {"q": "mobilité"})) == ["Vélo"]  # by the name of its theme
    assert titles(client.get(LIST, {"q": "velo", "commune": "38000"})) == ["Vélo"]
    assert titles(client.get(LIST, {"q": "rien de tel"})) == []


def test_who_acts_for_a_town_begins_with_what_holds_there(client):
    membership = MembershipFactory(organization__town=True)
    published(title="Loin", areas=["departement:01"])
    published(title="Près", areas=["departement:38"])
    sign_in(client, membership.user, membership)
    shown = client.get(LIST)
    assert titles(shown) == ["Près"]
    [(words, everywhere)] = shown.context["tags"]
    assert words == "Grenoble (38)"
    assert titles(client.get(LIST + everywhere)) == ["Loin", "Près"]


def test_words_forgive_accents_endings_and_what_is_not_finished(client):
    published(title="Rénovation énergétique des écoles")
    for typed in ("renovation", "RÉNOVATIONS", "ecole", "énergétiqu", "écoles rénov"):
        assert titles(client.get(LIST, {"q": typed})), typed


@pytest.mark.parametrize("typed", ["'", "a:*b", "& |", "\x00", "(", "l’", "de", "<script>", "%"])
def test_any_words_are_safe(client, typed):
    published(title="Une aide")
    assert client.get(LIST, {"q": typed}).status_code == 200


@pytest.mark.parametrize(
    "cursor", ["x", "1", "1:2", "a:b:c", "-1:1:\x00", "9" * 40 + ":1:a", ":::"]
)
def test_any_cursor_is_safe(client, cursor):
    published(title="Une aide")
    assert client.get(LIST, {"apres": cursor}).status_code == 200


def test_an_unknown_commune_says_so_and_keeps_the_words(client):
    shown = client.get(LIST, {"commune": "Nulle-Part-sur-Mer", "q": "école"}).content.decode()
    assert "Nous ne trouvons pas cette commune" in shown
    assert 'value="école"' in shown
    assert 'value="Nulle-Part-sur-Mer"' in shown


@pytest.mark.parametrize("asked", [{}, {"q": "aide"}, {"commune": "Grenoble"}])
def test_pages_follow_each_other_without_hole_nor_repeat(client, asked):
    CommuneFactory()
    for n in range(45):
        where = ["fr"] if n % 3 else ["departement:38"]
        published(title=f"Aide {'bis ' * (n % 4)}{n % 7}", areas=where)
    seen, url = [], f"{LIST}?{'&'.join(f'{k}={v}' for k, v in asked.items())}"
    for _ in range(4):
        page = client.get(url)
        seen += [line.resource.pk for line in page.context["page"].lines]
        if not page.context["next"]:
            break
        url = LIST + page.context["next"]
    assert len(seen) == len(set(seen)) == 45
    if "commune" in asked:
        reaches = [Resource.objects.in_bulk(seen)[pk].reach for pk in seen]
        assert reaches == sorted(reaches)


def test_the_list_costs_the_same_whatever_it_holds(client):
    CommuneFactory()

    def statements():
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(LIST, {"q": "aide", "commune": "Grenoble"})
        return len(found)

    published(areas=["departement:38"])
    statements()
    few = statements()
    for _ in range(30):
        published(areas=["departement:38", "commune:38185"])
    assert statements() <= few + 1 <= 9  # the names of one more scale of territory


def test_contacts_are_for_people_who_are_signed_in(client):
    one = published()
    Contact.objects.create(resource=one, name="Mme Blanc", email="blanc@isere.example")
    url = reverse("resources:show", args=[one.pk])
    shown = client.get(url).content.decode()
    assert "Mme Blanc" not in shown
    assert "blanc@isere.example" not in shown
    assert "Connectez-vous" in shown
    sign_in(client, UserFactory())
    assert "blanc@isere.example" in client.get(url).content.decode()


def test_a_visitor_signals_and_is_thanked(client):
    one = published()
    url = reverse("resources:signal", args=[one.pk])
    assert "Choisissez" in client.post(url, {"message": "Mort"}).content.decode()
    shown = client.post(url, {"reason": "lien", "message": "Mort"}, follow=True)
    assert "Merci" in shown.content.decode()
    assert Signal.objects.get().message == "Mort"


def test_from_the_first_line_to_the_public_page(agent, service):
    CommuneFactory()
    started = agent.post("/gerer/ressources/nouvelle/", {"kind": "aide", "title": "Aide"})
    one = Resource.objects.get()
    assert started.url == reverse("resources:edit", args=[one.pk])
    answers = {
        "kind": "aide",
        "title": "Aide aux écoles",
        "summary": "Pour rénover.",
        "provider_name": "DDT",
        "themes": ["energie"],
        "blockage_kinds": ["financement"],
        "areas": "Isère\nGrenoble",
        "expires_on": (today() + timedelta(days=60)).isoformat(),
        "ceiling": "50000",
    }
    shown = agent.post(started.url, answers | {"areas": "Isère\nAtlantide"}).content.decode()
    assert "Nous ne trouvons pas « Atlantide »" in shown
    assert "Isère\nAtlantide" in shown
    agent.post(started.url, answers)
    one.refresh_from_db()
    assert one.areas == ["departement:38", "commune:38185"]
    assert (one.ceiling_cents, one.reach, one.provider) == (5_000_000, 2, service)
    agent.post(reverse("resources:submit", args=[one.pk]))
    refused = agent.post(reverse("resources:accept", args=[one.pk]), follow=True)
    assert "une autre personne la relit" in refused.content.decode()
    other = MembershipFactory(organization=service, role=MembershipRole.MANAGER)
    reader = sign_in(agent, other.user, other)
    home = reader.get("/gerer/ressources/?etat=a_relire")
    assert titles(home) == ["Aide aux écoles"]
    reader.post(reverse("resources:accept", args=[one.pk]))
    agent.logout()
    assert titles(agent.get(LIST)) == ["Aide aux écoles"]


def test_what_waits_is_counted_for_those_who_keep(agent, service):
    published(owner=service, expires_on=today() + timedelta(days=10))
    published(owner=service, state=ResourceState.REVIEW)
    published(state=ResourceState.REVIEW)  # of others
    one = published(owner=service)
    Signal.objects.create(resource=one, reason="erreur")
    Signal.objects.create(resource=one, reason="lien")
    from preau.accounts.actors import Actor
    from preau.accounts.models import Membership

    membership = Membership.objects.get(organization=service)
    waiting = listing.waiting(Actor(membership.user, membership))
    assert waiting == {"a_relire": 1, "bientot": 1, "signalee": 1}
    shown = agent.get("/gerer/ressources/?etat=signalee")
    assert len(shown.context["page"].lines) == 1
    assert "fiche ressource à relire" in agent.get("/").content.decode()


def test_others_see_neither_the_records_nor_the_count(client):
    published(state=ResourceState.REVIEW)
    sign_in(client, UserFactory())
    shown = client.get("/gerer/ressources/")
    assert titles(shown) == []
    assert "Vous ne tenez pas de fiche" in shown.content.decode()
    assert "Une fiche appartient à une structure" in (
        client.get("/gerer/ressources/nouvelle/").content.decode()
    )


# --- Territories as people write them -------------------------------------------------------------


@pytest.fixture
def country():
    RegionFactory(code="04", name="La Réunion")
    DepartementFactory(code="26", name="Drôme")
    Epci.objects.create(siren="200018166", name="CC Le Grésivaudan", kind="CC")
    CommuneFactory()


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("France entière", ["fr"]),
        ("isere", ["departement:38"]),
        ("38", ["departement:38"]),
        ("Isère (38)", ["departement:38"]),
        ("Grenoble", ["commune:38185"]),
        ("Commune : Grenoble (38)", ["commune:38185"]),
        ("38000", ["commune:38185"]),
        ("CC Le Grésivaudan", ["epci:200018166"]),
        ("auvergne rhone alpes ;\n\nDrôme", ["region:84", "departement:26"]),
        ("La Réunion", ["region:04"]),
        ("", []),
    ],
)
def test_territories_are_read(country, text, keys):
    assert territories.read(text) == keys


def test_territories_are_written_as_they_are_read(country):
    keys = ["region:84", "departement:26", "epci:200018166", "commune:38185"]
    assert territories.read(territories.written(keys)) == keys
