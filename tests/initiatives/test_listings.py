"""Listings: their states, who reads them first, conversations, flows, what is public."""

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from preau.accounts.actions.merging import merge_organizations
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.accounts.events import account_closed
from preau.accounts.models import User
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives.actions import answers, flows
from preau.initiatives.actions import listing_ends as ends
from preau.initiatives.actions import listing_moderation as moderating
from preau.initiatives.actions import listings as actions
from preau.initiatives.enums.listings import ListingState
from preau.initiatives.models import Answer, Flow, Listing
from preau.initiatives.queries import moderation
from preau.initiatives.queries.listings import personal_data
from preau.initiatives.tasks.listings import look_after_listings
from preau.notifications.models import Email, Notification
from preau.territories.models import Commune, Epci
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.documents.pictures import picture
from tests.initiatives.campaign_factories import holder_of, project
from tests.initiatives.listing_factories import ListingFactory, answer, keeper, published
from tests.places.factories import SpaceFactory
from tests.projects.factories import actor_for
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
S = ListingState


def of_person(**given):
    return ListingFactory(organization=None, **given)


def town(commune):
    made = OrganizationFactory(verified=True, town=True, commune=commune)
    return actor_for(MembershipFactory(organization=made, role=MembershipRole.MANAGER))


# --- Reading before the public does ---------------------------------------------------------------


def test_the_first_of_a_person_is_read_and_the_next_is_not():
    first = of_person()
    me, clerk = Actor(user=first.author), town(first.commune)
    assert actions.publish(first, actor=me).state == S.REVIEW
    assert Notification.objects.filter(user=clerk.user, title__contains="à vérifier").exists()
    assert list(moderation.queue(clerk)) == [first]
    with pytest.raises(Forbidden):
        moderating.let_through(first, actor=me)
    assert moderating.let_through(first, actor=clerk).state == S.PUBLISHED
    assert Notification.objects.filter(user=me.user, title__contains="est publiée").exists()
    second = of_person(author=me.user)
    assert actions.publish(second, actor=me).state == S.PUBLISHED


def test_after_one_is_taken_off_the_next_are_read():
    made = published(organization=None, approved_at=clock.now())
    me, clerk = Actor(user=made.author), town(made.commune)
    with pytest.raises(Refusal, match="motif"):
        moderating.take_off(made, " ", actor=clerk)
    moderating.take_off(made, "C’est une vente.", actor=clerk)
    told = Notification.objects.get(user=me.user, title__contains="est retirée")
    assert "C’est une vente." in told.body
    made.refresh_from_db()
    actions.take_up(made, actor=me)
    assert actions.publish(made, actor=me).state == S.REVIEW


def test_why_it_is_read_first_is_said(client):
    first = of_person()
    sign_in(client, first.author)
    url = reverse("initiatives:listing_publish", args=[first.key])
    assert "C’est votre première" in client.post(url, follow=True).content.decode()
    other = of_person(author=first.author)
    Listing.objects.filter(pk=first.pk).update(removal_reason="C’est une vente.")
    page = client.get(reverse("initiatives:listing_manage", args=[other.key])).content.decode()
    assert "Une de vos annonces a été retirée" in page
    url = reverse("initiatives:listing_publish", args=[other.key])
    page = client.post(url, follow=True).content.decode()
    assert "Une de vos annonces a été retirée" in page
    assert "première" not in page


def test_a_verified_organisation_publishes_and_an_unverified_one_waits():
    trusted = ListingFactory()
    assert actions.publish(trusted, actor=keeper(trusted)).state == S.PUBLISHED
    unknown = ListingFactory(organization=OrganizationFactory())
    assert actions.publish(unknown, actor=keeper(unknown)).state == S.REVIEW


def test_who_moderates_is_of_the_place():
    made = of_person(state=S.REVIEW, valid_until=clock.today() + timedelta(days=9))
    elsewhere = CommuneFactory(code="38500", name="Ailleurs")
    stranger = town(elsewhere)
    with pytest.raises(Forbidden):
        moderating.let_through(made, actor=stranger)
    assert not moderation.queue(stranger).exists()
    operator = Actor(user=UserFactory(operator=True))
    assert list(moderation.queue(operator)) == [made]
    assert moderating.let_through(made, actor=operator).state == S.PUBLISHED
    with pytest.raises(Refusal, match="déjà répondu"):
        moderating.let_through(made, actor=operator)


def test_a_reader_signals_and_the_clerk_keeps_or_takes_off():
    made = published()
    clerk = town(made.commune)
    answers.signal(made, "vente", "Il demande 20 €.", actor=Actor())
    assert [one.open_signals for one in moderation.queue(clerk)] == [1]
    answers.close_signals(made, actor=clerk)
    assert not moderation.queue(clerk).exists()
    made.refresh_from_db()
    assert made.state == S.PUBLISHED


# --- Its life ---------------------------------------------------------------------------------------


def test_it_lacks_something_it_is_not_published():
    bare = ListingFactory(category="", text="")
    with pytest.raises(Refusal, match="catégorie"):
        actions.publish(bare, actor=keeper(bare))
    with pytest.raises(IntegrityError, match="listing_shown_is_whole"), transaction.atomic():
        Listing.objects.update(
            state=S.PUBLISHED, published_at=clock.now(), valid_until=clock.today()
        )


def test_the_clock_warns_once_then_expires_and_it_can_be_renewed():
    made = published(valid_until=clock.today(ZoneInfo("Europe/Paris")) + timedelta(days=20))
    me = keeper(made)
    assert look_after_listings(0) == 0
    with clock.frozen(clock.now() + timedelta(days=14)):
        assert look_after_listings(0) == 1
        assert look_after_listings(0) == 0
    assert Notification.objects.filter(
        user=me.user, title__startswith="Votre annonce expire"
    ).exists()
    with clock.frozen(clock.now() + timedelta(days=20)):
        look_after_listings(0)
        made.refresh_from_db()
        assert made.state == S.PUBLISHED  # the last day counts
    with clock.frozen(clock.now() + timedelta(days=22)):
        assert look_after_listings(0) == 1
        made.refresh_from_db()
        assert made.state == S.EXPIRED
        assert ends.renew(made, actor=me).state == S.PUBLISHED
        assert look_after_listings(0) == 0


def test_never_beyond_ninety_days():
    made = ListingFactory()
    me = keeper(made)
    far = clock.today() + timedelta(days=92)
    with pytest.raises(Refusal, match="90 jours"):
        actions.edit(made, {"valid_until": far}, actor=me)
    made = actions.publish(made, actor=me)
    assert made.valid_until <= clock.today() + timedelta(days=91)


def test_states_are_held_by_the_database():
    made = published()
    with pytest.raises(IntegrityError, match="does not go"), transaction.atomic():
        Listing.objects.filter(pk=made.pk).update(state="brouillon")


def test_settled_with_somebody_it_becomes_a_flow_of_the_project():
    of = project()
    farm = actor_for(MembershipFactory(organization__name="Ferme des Prés"))
    made = published(project=of, title="Biodéchets", quantity="40 kg par semaine")
    me = keeper(made)
    found = answer(made, farm)
    given = {"other_name": "Ferme des Prés", "other_organization": found.organization}
    rhythm = {"quantity": "30 kg par semaine", "is_recurring": True, "since": clock.today()}
    flow = ends.conclude(made, given | rhythm, actor=me)
    assert (flow.donor_name, flow.receiver_name) == (made.organization.name, "Ferme des Prés")
    assert flow.project == of
    made.refresh_from_db()
    assert made.state == S.CONCLUDED
    with pytest.raises(Refusal, match="Conclue"):
        ends.conclude(made, given | rhythm, actor=me)
    holder = holder_of(of)
    assert flows.end(flow, actor=holder).until
    with pytest.raises(Forbidden):
        flows.end(flow, actor=farm)


def test_a_need_receives():
    made = published(side="besoin", organization=None, author=UserFactory(first_name="Nadia"))
    given = {"other_name": "Le marché", "quantity": "", "is_recurring": False}
    flow = ends.conclude(made, given | {"since": clock.today()}, actor=Actor(user=made.author))
    assert (flow.donor_name, flow.receiver_name) == ("Le marché", "Nadia")


def test_free_hours_become_a_draft_offer():
    space = SpaceFactory()
    me = actor_for(MembershipFactory(organization=space.place.owner))
    key = f"departement:{space.place.commune.departement_id}"
    made = actions.draft_offer(
        space.place.owner, title="Salle libre", text="Le mardi", space=space, area_key=key, actor=me
    )
    assert (made.state, made.category, made.space) == (S.DRAFT, "locaux", space)
    assert made.commune == space.place.commune
    with pytest.raises(Forbidden):
        actions.draft_offer(
            space.place.owner, title="X", text="", area_key=key, actor=Actor(user=UserFactory())
        )


def test_a_plain_member_does_not_publish_for_the_organisation():
    member = actor_for(MembershipFactory(role=MembershipRole.MEMBER))
    with pytest.raises(Forbidden, match="en votre nom"):
        actions.draft(actor=member, title="X", commune=member.organization.commune)


# --- Conversations ----------------------------------------------------------------------------------


def test_two_write_to_each_other_and_nobody_else_reads(client):
    made = published(organization=None)
    visitor = UserFactory(first_name="Paul")
    found = answer(made, Actor(user=visitor))
    again = answer(made, Actor(user=visitor), "Et mardi ?")
    assert again.pk == found.pk and found.thread.messages.count() == 2
    told = Email.objects.filter(recipient=made.author.email)
    assert told.count() == 2
    assert visitor.email not in "".join(one.text for one in told)
    page = reverse("initiatives:listing_answer", args=[found.pk])
    for person, status in ((visitor, 200), (made.author, 200), (UserFactory(), 403)):
        assert sign_in(client, person).get(page).status_code == status
    shown = sign_in(client, made.author).get(page).content.decode()
    assert visitor.email not in shown and "Paul" in shown
    client.post(page, {"body": "Venez mardi."})
    assert Notification.objects.filter(user=visitor, title__startswith="Nouveau message").exists()


def test_twenty_conversations_a_day():
    person = Actor(user=UserFactory())
    for _ in range(answers.MOST_A_DAY):
        answer(published(), person)
    with pytest.raises(Refusal, match="demain"):
        answer(published(), person)
    with clock.frozen(clock.now() + timedelta(days=1, hours=1)):
        answer(published(), person)


def test_neither_ones_own_nor_what_is_over():
    made = published()
    with pytest.raises(Refusal, match="la vôtre"):
        answer(made, keeper(made))
    with pytest.raises(Refusal, match="plus publiée"):
        answer(published(state=S.EXPIRED, ended_at=clock.now()))


def test_organisations_merged_keep_their_conversations():
    first, second = OrganizationFactory(verified=True), OrganizationFactory(verified=True)
    made = published()
    for one in (first, second):
        answer(made, actor_for(MembershipFactory(organization=one)))
    chief = Actor(user=UserFactory(operator=True))
    merge_organizations(source=first, target=second, reason="Doublon", actor=chief)
    assert Answer.objects.filter(organization=second).count() == 1
    assert Answer.objects.count() == 2


# --- What is public, what is kept --------------------------------------------------------------------


def test_only_what_is_published_is_listed_and_read(client):
    shown = published(title="Publiée")
    over = published(title="Périmée", state=S.EXPIRED, ended_at=clock.now())
    hidden = [
        ListingFactory(title="Brouillon"),
        published(title="Attente", state=S.REVIEW),
        published(title="Retirée", state=S.WITHDRAWN, ended_at=clock.now()),
    ]
    response = client.get("/annonces/")
    assert [line.listing for line in response.context["page"].lines] == [shown]
    assert client.get(reverse("initiatives:listing_show", args=[over.key])).status_code == 200
    for one in hidden:
        for view in ("listing_show", "listing_signal", "listing_photo"):
            assert client.get(reverse(f"initiatives:{view}", args=[one.key])).status_code == 404


def test_a_person_is_not_named(client):
    made = published(organization=None, author=UserFactory(first_name="Zoé", last_name="Dupont"))
    page = client.get(reverse("initiatives:listing_show", args=[made.key])).content.decode()
    assert "Dupont" not in page and "Zoé" not in page and made.author.email not in page
    assert "Une personne" in page


def test_filters_narrow_the_list(client):
    far = CommuneFactory(code="38001", name="Loin", latitude=46.4, longitude=5.7)
    published(title="Chaises pliantes", category="materiel", text="Douze.")
    published(title="Compost", side="besoin", text="Pour le jardin.")
    published(title="Là-bas", commune=far)

    def titles(**query):
        page = client.get("/annonces/", query).context["page"]
        return [line.listing.title for line in page.lines]

    assert titles(nature="besoin") == ["Compost"]
    assert titles(categorie="materiel") == ["Chaises pliantes"]
    assert titles(q="chaise") == ["Chaises pliantes"]
    assert titles(commune="Grenoble", rayon="10") == ["Compost", "Chaises pliantes"]
    assert titles(q="rien de tel") == []
    assert "Nous ne trouvons pas" in client.get("/annonces/?commune=Zzzz").content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(client):
    published()
    client.get("/annonces/")
    with CaptureQueriesContext(connection) as one:
        client.get("/annonces/")
    for _ in range(25):
        published()
    with CaptureQueriesContext(connection) as many:
        response = client.get("/annonces/")
    assert len(many) == len(one)
    following = client.get("/annonces/" + response.context["next"])
    assert len(following.context["page"].lines) == 6
    assert client.get("/annonces/?apres=2020_x").status_code == 200


def test_from_the_form_to_the_page(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    member = MembershipFactory()
    sign_in(client, member.user, member)
    given = {
        "side": "offre",
        "manner": "pret",
        "category": "materiel",
        "title": "Barnum",
        "text": "Trois mètres sur six.",
        "commune": "Atlantide",
        "radius_km": "20",
    }
    page = reverse("initiatives:listing_create")
    shown = client.post(page, given).content.decode()
    assert "Nous ne trouvons pas cette commune" in shown and "Trois mètres sur six." in shown
    given["commune"] = "Grenoble"
    upload = picture()
    given |= {"photo": upload, "alternative_text": "Un barnum blanc"}
    client.post(page, given)
    made = Listing.objects.get()
    assert made.file and made.alternative_text == "Un barnum blanc" and not made.is_recurring
    client.post(reverse("initiatives:listing_publish", args=[made.key]))
    client.logout()
    photo = client.get(reverse("initiatives:listing_photo", args=[made.key]))
    assert photo["Content-Type"] == "image/webp"


def test_whoever_closes_their_account_is_forgotten():
    made = published(organization=None, author=UserFactory(first_name="Nadia"))
    done = published(organization=None, author=made.author)
    given = {"other_name": "Le marché", "quantity": "", "is_recurring": False}
    ends.conclude(done, given | {"since": clock.today()}, actor=Actor(user=made.author))
    assert len(personal_data(made.author)["annonces"]) == 2
    account_closed.send(User, user=made.author)
    made.refresh_from_db()
    assert made.state == S.WITHDRAWN and "Épluchures" not in made.title
    assert Flow.objects.get().donor_name == "Une personne"


def test_the_project_shows_its_flows_to_its_people_only(client):
    of = project()
    me = holder_of(of)
    page = reverse("initiatives:flows", args=[of.key])
    sign_in(client, me.user, me.membership)
    client.post(
        reverse("initiatives:flow_add", args=[of.key]),
        {
            "what": "Compost mûr",
            "category": "denrees",
            "donor_name": "Composteurs",
            "receiver_name": "Jardin botanique",
            "since": clock.today().isoformat(),
        },
    )
    assert "Jardin botanique" in client.get(page).content.decode()
    sheet = client.get(reverse("projects:sheet", args=[of.key])).content.decode()
    assert "Composteurs → Jardin botanique" in sheet
    assert sign_in(client, UserFactory()).get(page).status_code == 403


def test_a_form_sent_twice_writes_once():
    made, person, key = published(), Actor(user=UserFactory()), uuid4()
    for _ in range(2):
        answers.answer(made, "Bonjour", idempotency_key=key, actor=person)
    assert Answer.objects.get().thread.messages.count() == 1


def test_the_same_words_from_another_page_are_not_sent_again():
    made, person = published(), Actor(user=UserFactory())
    found = answers.answer(
        made, "Bonjour,\r\nlibre samedi ?", idempotency_key=uuid4(), actor=person
    )
    for repeat in ("Bonjour,\nlibre samedi ?", "Bonjour,\r\nlibre samedi ? "):
        with pytest.raises(Refusal, match="déjà parti"):
            answers.answer(made, repeat, idempotency_key=uuid4(), actor=person)
    answers.write(found, "Merci !", idempotency_key=uuid4(), actor=person)
    answers.write(found, "Bonjour,\nlibre samedi ?", idempotency_key=uuid4(), actor=person)
    with clock.frozen(clock.now() + timedelta(days=2)):
        answers.write(found, "Bonjour,\nlibre samedi ?", idempotency_key=uuid4(), actor=person)
    assert found.thread.messages.count() == 4


def test_epci_deciders_moderate_its_communes():
    made = of_person(state=S.REVIEW, valid_until=clock.today() + timedelta(days=9))
    metropole = Epci.objects.create(
        siren="200040715", name="Grenoble-Alpes-Métropole", kind="METRO"
    )
    Commune.objects.filter(pk=made.commune_id).update(epci=metropole)
    epci = OrganizationFactory(
        kind=OrganizationKind.EPCI, verified=True, epci=metropole, commune=made.commune
    )
    chief = actor_for(MembershipFactory(organization=epci))
    assert list(moderation.queue(chief)) == [made]
    assert moderating.let_through(made, actor=chief).state == S.PUBLISHED


def test_an_empty_list_does_not_blame_a_search_that_nobody_made(client):
    url = reverse("initiatives:listing_list")
    assert "Aucune annonce publiée pour l’instant" in client.get(url).content.decode()
    page = client.get(url, {"q": "barnum"}).content.decode()
    assert "ne répond à cette recherche" in page
