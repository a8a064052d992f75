"""Stories: who tells, what is public, who takes it off."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives.actions import stories as actions
from preau.initiatives.enums.stories import Consent, StoryState
from preau.initiatives.models import Story, StoryPhoto
from preau.initiatives.queries import stories as queries
from preau.notifications.models import Notification
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.directory.factories import SheetFactory
from tests.documents.pictures import picture
from tests.initiatives.campaign_factories import holder_of, project
from tests.projects.factories import actor_for

pytestmark = pytest.mark.django_db
WHOLE = {
    "title": "Un composteur qui a fait école",
    "summary": "Cent foyers.",
    "text": "Tout a commencé par un kit.",
    "authors": "Le collectif",
}


def of_place():
    member = MembershipFactory(role=MembershipRole.MANAGER)
    sheet = SheetFactory(manager=member.organization)
    return sheet, actor_for(member)


def published(sheet=None, **given):
    sheet = sheet or SheetFactory()
    facts = {"sheet": sheet, "commune": sheet.commune, "state": StoryState.PUBLISHED}
    return Story.objects.create(**WHOLE | facts | {"published_at": clock.now()} | given)


def test_who_answers_for_the_place_tells_and_nobody_else():
    sheet, me = of_place()
    with pytest.raises(Forbidden):
        actions.begin(sheet, actor=Actor(user=UserFactory()), **WHOLE)
    story = actions.begin(sheet, actor=me, title="Début")
    with pytest.raises(Refusal, match="la phrase qui le résume, le récit, qui le signe"):
        actions.publish(story, actor=me)
    results = [["120 kg", "de déchets"], ["", "sans chiffre"], ["12", ""]]
    actions.edit(story, {**WHOLE, "results": results}, actor=me)
    story = actions.publish(story, actor=me)
    assert story.state == StoryState.PUBLISHED
    assert story.results == [["120 kg", "de déchets"]]


def test_a_photo_says_what_it_shows_and_that_its_people_agree(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sheet, me = of_place()
    story = actions.begin(sheet, actor=me, **WHOLE)
    with pytest.raises(Refusal, match="reconnaissables"):
        actions.add_photo(story, picture(), alternative_text="Cour", people="", actor=me)
    with pytest.raises(Refusal):
        actions.add_photo(story, picture(), alternative_text=" ", people="accord", actor=me)
    photo = actions.add_photo(
        story, picture(), alternative_text="Cour", people=Consent.AGREED, actor=me
    )
    with pytest.raises(IntegrityError, match="people_agreed"), transaction.atomic():
        StoryPhoto.objects.filter(pk=photo.pk).update(people="")


def test_a_photo_of_a_draft_is_its_authors_only(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sheet, me = of_place()
    story = actions.begin(sheet, actor=me, **WHOLE)
    photo = actions.add_photo(
        story, picture(), alternative_text="Cour", people=Consent.NOBODY, actor=me
    )
    page = reverse("initiatives:story_photo", args=[photo.pk])
    assert client.get(page).status_code == 404
    assert sign_in(client, me.user, me.membership).get(page).status_code == 200
    actions.publish(story, actor=me)
    client.logout()
    assert client.get(page)["Content-Type"] == "image/webp"


def test_a_reader_signals_and_the_operator_takes_off_with_a_reason(client):
    sheet, me = of_place()
    story = published(sheet)
    operator = Actor(user=UserFactory(operator=True))
    client.post(
        reverse("initiatives:story_signal", args=[story.key]),
        {"reason": "personnel", "message": "C’est moi sur la photo."},
    )
    assert list(queries.signalled()) == [story]
    assert Notification.objects.filter(user=operator.user, title__contains="signalé").exists()
    with pytest.raises(Forbidden):
        actions.take_off(story, "Non", actor=me)
    with pytest.raises(Refusal, match="motif"):
        actions.take_off(story, "", actor=operator)
    actions.take_off(story, "Une personne n’est pas d’accord.", actor=operator)
    assert not queries.signalled().exists()
    told = Notification.objects.get(user=me.user, title__contains="est retiré")
    assert "pas d’accord" in told.body
    assert client.get(reverse("initiatives:story_show", args=[story.key])).status_code == 404
    story = actions.take_up(story, actor=me)
    assert actions.publish(story, actor=me).state == StoryState.DRAFT
    again = Notification.objects.get(user=operator.user, title__contains="à relire")
    assert "pas d’accord" in again.body
    actions.publish(story, actor=me)
    assert Notification.objects.filter(title__contains="à relire").count() == 1
    url = reverse("initiatives:story_publish", args=[story.key])
    sign_in(client, me.user, me.membership).post(url)
    story.refresh_from_db()
    assert story.state == StoryState.DRAFT
    manage = reverse("initiatives:story_manage", args=[story.key])
    assert "Demander à l’opérateur" in client.get(manage).content.decode()
    sign_in(client, operator.user)
    assert "Il est corrigé" in client.get(manage).content.decode()
    client.post(url)
    story.refresh_from_db()
    assert (story.state, story.withdrawal_reason) == (StoryState.PUBLISHED, "")
    assert Notification.objects.filter(user=me.user, title__contains="de nouveau").exists()


def test_an_operator_does_not_publish_the_drafts_of_others():
    sheet, me = of_place()
    story = actions.begin(sheet, actor=me, **WHOLE)
    with pytest.raises(Forbidden):
        actions.publish(story, actor=Actor(user=UserFactory(is_operator=True)))


def test_a_project_tells_without_showing_its_sheet(client):
    of = project(name="Nom interne", description="Description interne")
    me = holder_of(of)
    story = actions.begin(of, actor=me, **WHOLE)
    assert client.get(reverse("initiatives:story_show", args=[story.key])).status_code == 404
    actions.publish(story, actor=me)
    page = client.get(reverse("initiatives:story_show", args=[story.key])).content.decode()
    for secret in ("Nom interne", "Description interne", of.reference, str(of.key)):
        assert secret not in page
    sign_in(client, me.user, me.membership)
    sheet = client.get(reverse("projects:sheet", args=[of.key])).content.decode()
    assert story.title in sheet


def test_states_are_held_by_the_database():
    story = published()
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=story.pk).update(summary="")
    Story.objects.update(state=StoryState.WITHDRAWN, withdrawn_at=clock.now())
    with pytest.raises(IntegrityError, match="does not go"), transaction.atomic():
        Story.objects.update(state=StoryState.PUBLISHED, withdrawn_at=None)


def test_the_list_costs_the_same_for_one_and_for_many(client):
    published()
    client.get("/recits/")
    with CaptureQueriesContext(connection) as one:
        client.get("/recits/")
    for _ in range(20):
        published()
    with CaptureQueriesContext(connection) as many:
        response = client.get("/recits/")
    assert len(many) == len(one)
    following = client.get("/recits/" + response.context["next"])
    assert len(following.context["page"].stories) == 3
    assert len(client.get("/recits/?commune=Grenoble").context["page"].stories) == 18
