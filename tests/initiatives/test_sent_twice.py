"""A form sent twice makes one thing: no JavaScript, a second try, a page gone back to."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.initiatives import pledge_links
from preau.initiatives.enums.campaigns import PledgeState
from preau.initiatives.models import (
    CallForInitiatives,
    Campaign,
    Listing,
    Pledge,
    Story,
    Submission,
    Workshop,
)
from preau.initiatives.queries.campaigns import others_of
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.directory.factories import SheetFactory
from tests.initiatives.campaign_factories import campaign, holder_of, project
from tests.initiatives.factories_calls import association, keeper
from tests.initiatives.factories_calls import published as published_call
from tests.projects.factories import actor_for

pytestmark = pytest.mark.django_db
PAGE = {"csrfmiddlewaretoken": "one-rendering-of-the-page"}


def twice(client, url, data):
    answers = [client.post(url, PAGE | data) for _ in range(2)]
    assert {one.status_code for one in answers} == {302}
    assert answers[0].url == answers[1].url
    return url, data


def test_two_promises_are_meant_by_two_pages_only(client):
    [target] = campaign().targets.all()
    sign_in(client, UserFactory())
    url, data = twice(client, reverse("initiatives:pledge", args=[target.pk]), {"quantity": "3"})
    assert Pledge.objects.count() == 1
    assert "Vous avez déjà promis" in client.get(url).content.decode()
    again = client.post(url, PAGE | data | {"csrfmiddlewaretoken": "another"}, follow=True)
    assert Pledge.objects.count() == 2
    assert "déjà promis (Palettes : 3\u00a0pièces)" in again.content.decode()
    first, second = Pledge.objects.order_by("pk")
    assert others_of(second) == [first]
    Pledge.objects.filter(pk=first.pk).update(state=PledgeState.CANCELLED)
    assert others_of(second) == []


def test_who_promises_again_without_an_account_is_told_by_their_letter(client):
    cache.clear()
    [target] = campaign().targets.all()
    typed = {"quantity": "3", "name": "Nadia", "email": "nadia@example.org"}
    for quantity in ("3", "4"):
        client.post(reverse("initiatives:pledge", args=[target.pk]), typed | {"quantity": quantity})
        Pledge.objects.filter(quantity=3).update(state=PledgeState.PROMISED)
    first, second = Pledge.objects.order_by("pk")
    letters = Email.objects.filter(cause__endswith=":confirm").order_by("pk")
    said = [" ".join(one.text.split()) for one in letters]
    assert ["Cet apport s’ajoute à ce que vous avez déjà promis" in one for one in said] == [
        False,
        True,
    ]
    assert all("Sans confirmation sous sept jours, cet apport est effacé." in one for one in said)

    def says_already(pledge):
        return "déjà promis (Palettes" in client.get(pledge_links.page_for(pledge)).content.decode()

    assert (says_already(first), says_already(second)) == (False, True)
    Pledge.objects.filter(pk=second.pk).update(state=PledgeState.CANCELLED)
    assert not says_already(second)
    cache.clear()


def test_what_a_stranger_types_of_my_address_is_no_promise_of_mine(client):
    cache.clear()
    [target] = campaign().targets.all()
    typed = {"name": "Nadia", "email": "nadia@example.org"}
    for quantity in ("9", "3"):
        client.post(reverse("initiatives:pledge", args=[target.pk]), typed | {"quantity": quantity})
    assert Pledge.objects.filter(state=PledgeState.UNCONFIRMED).count() == 2
    assert not any("déjà promis" in one.text for one in Email.objects.all())
    cache.clear()


def test_a_listing_a_story_a_campaign(client):
    me = association()
    sign_in(client, me.user, me.membership)
    twice(
        client,
        reverse("initiatives:listing_create"),
        {
            "side": "offre",
            "manner": "pret",
            "category": "materiel",
            "title": "Seaux",
            "text": "Trois.",
            "commune": "Grenoble",
            "radius_km": "20",
        },
    )
    assert Listing.objects.count() == 1
    sheet = SheetFactory(manager=me.organization)
    about = reverse("initiatives:story_create_of_place", args=[sheet.key])
    twice(client, about, {"title": "Un composteur"})
    assert Story.objects.count() == 1
    of = project()
    holder = holder_of(of)
    sign_in(client, holder.user, holder.membership)
    first, last = clock.today(), clock.today() + timedelta(days=9)
    twice(
        client,
        reverse("initiatives:campaign_create", args=[of.key]),
        {
            "title": "Bacs",
            "story": "Voilà.",
            "organizer": "Nous",
            "commune": "Grenoble",
            "starts_on": first.isoformat(),
            "ends_on": last.isoformat(),
        },
    )
    assert Campaign.objects.count() == 1


def test_a_call_its_criterion_a_workshop_and_an_answer(client):
    town = keeper()
    sign_in(client, town.user, town.membership)
    twice(client, reverse("initiatives:call_add"), {"title": "Animer la Halle", "area": "Isère"})
    call = CallForInitiatives.objects.get()
    criteria = reverse("initiatives:call_criteria", args=[call.key])
    twice(client, criteria, {"title": "Utile", "weight": 3})
    assert call.criteria.count() == 1
    day = (clock.today() + timedelta(days=9)).isoformat()
    workshop = {"title": "Atelier", "area": "Isère", "location": "Mairie"}
    workshop |= {"day": day, "start": "18:00", "end": "20:00"}
    twice(client, reverse("initiatives:workshop_add"), workshop)
    assert Workshop.objects.count() == 1
    other = published_call(town)
    people = association()
    sign_in(client, people.user, people.membership)
    twice(client, reverse("initiatives:call_answer", args=[other.key]), {})
    assert Submission.objects.count() == 1


def test_somebody_generous_is_not_stopped_and_a_robot_is(client):
    cache.clear()
    targets = [("materiel", f"Palettes {number}", 30) for number in range(12)]
    made = campaign(targets=targets)
    urls = [reverse("initiatives:pledge", args=[one.pk]) for one in made.targets.all()]
    typed = {"quantity": "3", "name": "Nadia", "email": "nadia@example.org"}
    for url in urls:
        assert client.post(url, typed).status_code == 302
    page = client.post(urls[0], typed)
    assert "attendez une demi-heure" in page.content.decode()
    assert "nadia@example.org" in page.content.decode()
    assert Pledge.objects.count() == 12
    me = actor_for(MembershipFactory(role=MembershipRole.MANAGER))
    sign_in(client, me.user, me.membership)
    for url in urls:
        assert client.post(url, {"quantity": "1"}).status_code == 302
    cache.clear()
