"""Nothing is asked twice of an organisation; nothing of it is told to a stranger."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from preau.accounts.actors import Actor
from preau.core import clock
from preau.projects.actions.answers import write_answers
from preau.projects.enums import ProjectState, QuestionKind
from preau.projects.models import Assessment, ProgrammePerimeter
from preau.projects.queries import given
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.projects.factories import ProjectFactory, actor_for, pair, programme
from tests.projects.filing import OTHER_SIRET, SIRET, Browser, asked_by, commune

pytestmark = pytest.mark.django_db
SECRET = "secrétaire-de-mairie@voiron.example"


@pytest.fixture(autouse=True)
def no_limits():
    cache.clear()


@pytest.fixture
def villages():
    place = commune()
    pair(place.departement)
    made = programme(is_national=False)
    ProgrammePerimeter.objects.create(programme=made, commune=place, since=clock.today())
    made.version = asked_by(made, ("chef", QuestionKind.TEXT), ("pose", QuestionKind.CHOICE))
    return made


def town(siret, name="Ville de Voiron", verified=True):
    return OrganizationFactory(
        kind="commune",
        name=name,
        siret=siret,
        siren=siret[:9],
        commune=commune(),
        verified=verified,
    )


def has_given(organization, version, value="Paul, 06 00 00 00 00", **more):
    """A filed project of the organisation, with its contact and its answers."""
    project = ProjectFactory(
        holder_organization=organization,
        lead_commune=organization.commune,
        **({"contact_name": "Paule Secret", "contact_email": SECRET} | more),
    )
    assessment = Assessment.objects.create(project=project, version=version)
    write_answers(assessment, {"chef": value, "pose": "a"}, actor=Actor())
    return project


def pages_of(siret, villages, client):
    """Every page of a deposit by somebody who types this number, without what is of the draft."""
    browser = Browser(client).begin()
    seen = []

    def keep(response):
        seen.append(response.content.decode())

    keep(
        browser.post(
            "file_who",
            {"kind": "association", "siret": siret},
        )
    )
    for step in ("file_who", "file_what", "file_where", "file_programmes", "file_money"):
        keep(browser.get(step))
    browser.post("file_programmes", {"programmes": [villages.pk]})
    keep(browser.get("file_questions", villages.slug))
    keep(browser.post("file_questions", {"q_pose": "x"}, villages.slug))
    keep(browser.get("file_contact"))
    keep(browser.get("file_recap"))
    keep(browser.get("file_later"))
    project = browser.fresh()
    drop = [str(project.key), project.reference, siret]
    text = "\n".join(seen)
    for one in drop:
        text = text.replace(one, "…")
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "…", text)
    return re.sub(r'"X-CSRFToken":\s*"\w+"|csrf[^ ]*="\w+"', "…", text)


@pytest.mark.parametrize("who", ["anonymous", "signed in", "of another town"])
def test_a_stranger_who_types_a_number_learns_nothing(villages, who):
    """Byte for byte, but the draft's own key: a town that gave much, one that gave nothing."""
    much, nothing = town(SIRET), town(OTHER_SIRET)
    has_given(much, villages.version)
    texts = []
    for organization in (much, nothing):
        client = Client()
        if who != "anonymous":
            person = UserFactory(
                first_name="Ève", last_name="Passante", email=f"e{organization.pk}@x.example"
            )
            hat = None
            if who == "of another town":
                hat = MembershipFactory(
                    user=person, organization=OrganizationFactory(verified=True, name="Ailleurs")
                )
            sign_in(client, person, hat)
        text = pages_of(organization.siret, villages, client)
        if who != "anonymous":
            text = text.replace(person.email, "…")
        text = re.sub(r'name="acting" value="\d+"', "…", text)
        assert SECRET not in text and "Paule" not in text and "06 00 00 00 00" not in text
        texts.append(text)
    assert texts[0] == texts[1]


def test_an_unverified_number_says_nothing(villages):
    """Anybody may write anybody's number on an organisation: it fills nothing."""
    town(SIRET, verified=False)
    browser = Browser().begin()
    response = browser.post("file_who", {"kind": "commune", "siret": SIRET})
    assert "Ville de Voiron" not in response.content.decode()
    assert response.status_code == 200  # asked for the commune


def test_members_are_offered_what_their_town_has_given(villages):
    organization = town(SIRET)
    old = has_given(organization, villages.version, "Ancien nom")
    membership = MembershipFactory(organization=organization)
    browser = Browser(sign_in(Client(), membership.user, membership)).begin()
    browser.post("file_who", {"acting": str(membership.pk)})
    page = browser.get("file_contact").content.decode()
    assert SECRET in page and f"epris du projet {old.reference}" in page
    browser.post("file_programmes", {"programmes": [villages.pk]})
    page = browser.get("file_questions", villages.slug).content.decode()
    assert "Ancien nom" in page and f"epris du projet {old.reference} du" in page
    browser.post("file_questions", {"q_chef": "Ancien nom", "q_pose": "b"}, villages.slug)
    kept = browser.project.assessments.get().answers.order_by("question__position")
    sources = [one.source for one in kept]
    assert sources[0].startswith(f"repris du projet {old.reference} du ")
    assert sources[1] == ""
    # Kept here now: offered no more.
    page = browser.get("file_questions", villages.slug).content.decode()
    assert "epris du projet" not in page


@pytest.mark.parametrize("why", ["unverified", "other hat", "no hat", "not its project", "left"])
def test_only_members_of_a_verified_organisation_under_its_hat(villages, why):
    organization = town(SIRET, verified=why != "unverified")
    has_given(organization, villages.version)
    membership = MembershipFactory(organization=organization)
    project = ProjectFactory(
        state=ProjectState.DRAFT, holder_organization=organization, service_in_charge=None
    )
    actor = actor_for(membership)
    if why == "other hat":
        actor = actor_for(MembershipFactory(user=membership.user))
    elif why == "no hat":
        actor = Actor(user=membership.user)
    elif why == "not its project":
        project.holder_organization = None
    elif why == "left":
        actor = Actor(user=UserFactory())
    assert given.answers(actor, project, villages.version) == {}
    assert given.contact(actor, project) is None


def test_the_last_answer_is_offered_and_drafts_offer_nothing(villages):
    organization = town(SIRET)
    has_given(organization, villages.version, "Avant")
    last = has_given(organization, villages.version, "Après")
    has_given(
        organization,
        villages.version,
        "Brouillon",
        state=ProjectState.DRAFT,
        service_in_charge=None,
        in_charge=None,
    )
    project = ProjectFactory(state=ProjectState.DRAFT, holder_organization=organization)
    actor = actor_for(MembershipFactory(organization=organization))
    known = given.answers(actor, project, villages.version)
    assert known["chef"].value == "Après" and last.reference in known["chef"].source
    # A choice that no longer exists is not offered.
    other = asked_by(programme(), ("pose", QuestionKind.CHOICE))
    assert given.answers(actor, project, other)["pose"].value == "a"
    shorter = asked_by(programme(), ("chef", QuestionKind.NUMBER))
    assert given.answers(actor, project, shorter) == {}
