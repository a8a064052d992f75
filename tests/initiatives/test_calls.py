"""Calls: drafting, publishing, the clock, answering in time, becoming a project."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.core.registries import project_panels
from preau.initiatives import screens
from preau.initiatives.actions import becoming, calls, deciding, reminders, submissions
from preau.initiatives.enums.calls import CallQuestionKind, CallState, SubmissionState
from preau.initiatives.models import CallForInitiatives, Submission
from preau.initiatives.queries import calls as queries
from preau.notifications.models import Email, Notification
from preau.projects.enums import ProjectState
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.documents.pictures import picture
from tests.initiatives.factories_calls import (
    association,
    draft,
    facts_of,
    juror,
    keeper,
    over,
    published,
    reviewing,
    sent,
    written,
)
from tests.projects.factories import ProjectFactory, actor_for, pair_of

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def code_of(act) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


# --- Drafting and publishing


def test_a_study_drafts_a_call_from_a_gap():
    town = keeper()
    call = calls.draft_call(
        town.organization,
        title="Un lieu pour Mens",
        brief="",
        area_key="departement:38",
        because="4 communes à plus de 20 km d’un lieu de travail.",
        actor=town,
    )
    assert (call.state, call.area_name) == (CallState.DRAFT, "Isère (38)")
    assert "20 km" in call.because
    assert call.time_zone == "Europe/Paris"


def test_only_those_who_manage_a_public_organisation_draft():
    member = actor_for(
        MembershipFactory(organization=keeper().organization, role=MembershipRole.MEMBER)
    )
    for actor in (association(), member, Actor(UserFactory())):
        organization = actor.organization or keeper().organization
        with pytest.raises(Forbidden):
            calls.draft_call(
                organization, title="A", brief="", area_key="departement:38", actor=actor
            )


def test_nobody_drafts_for_another_town():
    other = OrganizationFactory(town=True, verified=True)
    with pytest.raises(Forbidden):
        calls.draft_call(other, title="A", brief="", area_key="departement:38", actor=keeper())


def test_an_unknown_territory_is_refused_on_its_field():
    town = keeper()
    with pytest.raises(Refusal) as caught:
        calls.draft_call(
            town.organization, title="A", brief="", area_key="departement:999", actor=town
        )
    assert caught.value.field == "area"


def test_publishing_wants_dates_and_a_criterion():
    town = keeper()
    call = draft(town)
    assert code_of(lambda: calls.publish(call, actor=town)) == "missing"
    calls.add_criterion(call, title="Utilité", weight=2, actor=town)
    calls.edit_call(call, facts_of(call, closes_at=None), actor=town)
    assert code_of(lambda: calls.publish(call, actor=town)) == "missing"
    calls.edit_call(
        call,
        facts_of(
            call,
            opens_at=clock.now() - timedelta(days=3),
            closes_at=clock.now() - timedelta(days=1),
        ),
        actor=town,
    )
    assert code_of(lambda: calls.publish(call, actor=town)) == "dates"
    calls.edit_call(call, facts_of(call), actor=town)
    assert calls.publish(call, actor=town).is_open


def test_the_jury_reads_once_the_call_is_closed():
    town = keeper()
    noon = datetime(2027, 3, 12, 12, tzinfo=PARIS)
    dates = {"opens_at": noon - timedelta(days=9), "closes_at": noon}
    call = draft(town, **dates, review_until=date(2027, 3, 12))  # the afternoon is left
    with pytest.raises(Refusal) as caught:
        calls.edit_call(call, facts_of(call, **dates, review_until=date(2027, 3, 11)), actor=town)
    assert caught.value.field == "review_until"
    end_of_day = dates | {"closes_at": datetime(2027, 3, 13, tzinfo=PARIS)}
    with pytest.raises(Refusal):
        calls.edit_call(
            call, facts_of(call, **end_of_day, review_until=date(2027, 3, 12)), actor=town
        )


def test_a_jury_overtaken_by_a_later_closing_has_as_many_more_days():
    town = keeper()
    day = clock.today() + timedelta(days=30)
    call = published(town, review_until=day)
    call = calls.postpone(call, call.closes_at + timedelta(days=2), actor=town)
    assert call.review_until == day
    call = calls.postpone(call, call.closes_at + timedelta(days=20), actor=town)
    assert call.review_until == day + timedelta(days=20)


def test_all_that_is_missing_is_said_at_once_with_where_to_mend_it(client):
    town = keeper()
    call = draft(town, brief="", closes_at=None)
    sign_in(client, town.user, town.membership)
    url = reverse("initiatives:call_publish", args=[call.key])
    for page in (client.get(url), client.post(url)):
        shown = page.content.decode()
        assert "Publier l’appel" not in shown
        assert "ce que vous cherchez" in shown and "de quand à quand" in shown
        assert reverse("initiatives:call_edit", args=[call.key]) in shown
        assert reverse("initiatives:call_criteria", args=[call.key]) in shown
    with pytest.raises(Refusal, match="critère"):
        calls.publish(call, actor=town)


def test_the_database_refuses_a_published_call_without_dates():
    call = draft(keeper())
    with pytest.raises(IntegrityError), transaction.atomic():
        CallForInitiatives.objects.filter(pk=call.pk).update(state="publie", closes_at=None)


def test_what_is_published_changes_no_more():
    town = keeper()
    call = published(town, questions=[(CallQuestionKind.TEXT, True)])
    assert code_of(lambda: calls.edit_call(call, facts_of(call), actor=town)) == "published"
    question = call.questions.get()
    assert code_of(lambda: calls.remove_question(question, actor=town)) == "published"
    later = call.closes_at + timedelta(days=2)
    assert calls.postpone(call, later, actor=town).closes_at == later
    sooner = later - timedelta(days=5)
    assert code_of(lambda: calls.postpone(call, sooner, actor=town)) == "dates"


# --- The clock


def test_after_the_hour_nothing_is_written_even_before_the_task():
    town, people = keeper(), association()
    call = published(town)
    one = written(call, people)
    with clock.frozen(call.closes_at - timedelta(seconds=1)):
        submissions.save_idea(one, title="Repair", summary="Oui", commune=one.commune, actor=people)
    with clock.frozen(call.closes_at):
        assert CallForInitiatives.objects.get(pk=call.pk).state == CallState.PUBLISHED
        assert code_of(lambda: submissions.send(one, actor=people)) == "closed"
        assert code_of(lambda: submissions.start(call, actor=people)) == "closed"
        keep = {"title": "B", "summary": "B", "commune": one.commune}
        assert code_of(lambda: submissions.save_idea(one, actor=people, **keep)) == "closed"
    one.refresh_from_db()
    assert (one.title, one.state) == ("Repair", SubmissionState.DRAFT)


def test_opening_the_examination_before_the_task_tells_that_it_is_closed():
    town = keeper()
    call = published(town)
    juror(call, town)
    sent(call, association())
    reviewing(call, town)
    assert Notification.objects.filter(title__contains="est fermé").exists()


def test_the_task_closes_once_and_tells_the_organisers():
    town = keeper()
    call = published(town)
    sent(call, association())
    over(call)
    assert [calls.close_due(one) for one in reminders.calls_due()] == [True]
    assert calls.close_due(call) is False
    call.refresh_from_db()
    assert call.state == CallState.CLOSED
    assert Email.objects.filter(subject__contains="est fermé : 1").count() == 1


def test_a_draft_is_spoken_of_three_days_before_once():
    town, people = keeper(), association()
    call = published(town)
    written(call, people)
    assert reminders.remind_drafts() == 0
    with clock.frozen(call.closes_at - timedelta(days=2)):
        assert reminders.remind_drafts() == 1
        assert reminders.remind_drafts() == 0
    calls.postpone(call, call.closes_at + timedelta(days=10), actor=town)
    assert reminders.remind_drafts() == 0
    call.refresh_from_db()
    with clock.frozen(call.closes_at - timedelta(days=1)):
        assert reminders.remind_drafts() == 1


def test_late_reviewers_are_reminded_every_three_days():
    town = keeper()
    call = published(town)
    sent(call, association())
    juror(call, town)
    reviewing(call, town)
    yesterday = clock.today(PARIS) - timedelta(days=1)
    CallForInitiatives.objects.filter(pk=call.pk).update(review_until=yesterday)
    assert reminders.remind_reviewers() == 1
    assert reminders.remind_reviewers() == 0
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert reminders.remind_reviewers() == 1


# --- Answering


def test_an_answer_is_sent_once_and_told_to_both_sides():
    town, people = keeper(), association()
    call = published(town, questions=[(CallQuestionKind.TEXT, True)])
    one = written(call, people)
    assert code_of(lambda: submissions.send(one, actor=people)) == "missing"
    [screen] = screens.screens_of(one)
    question = call.questions.get()
    submissions.save_answers(one, screen, {question.pk: "Le samedi"}, {}, actor=people)
    before = Email.objects.count()
    submissions.send(one, actor=people)
    submissions.send(one, actor=people)
    assert Email.objects.count() == before + 2
    one.refresh_from_db()
    assert (
        code_of(
            lambda: submissions.save_answers(one, screen, {question.pk: "Non"}, {}, actor=people)
        )
        == "sent"
    )


def test_an_unverified_organisation_prepares_but_does_not_send():
    people = actor_for(
        MembershipFactory(organization=OrganizationFactory(), role=MembershipRole.MANAGER)
    )
    one = written(published(keeper()), people)
    assert code_of(lambda: submissions.send(one, actor=people)) == "organization_not_verified"


def test_a_draft_is_read_by_nobody_else():
    town, people = keeper(), association()
    one = written(published(town), people)
    assert one.permission_scope.organization_id is None
    juror(one.call, town)
    assert not Submission.objects.get(pk=one.pk).permission_scope.reader_keys
    with pytest.raises(Forbidden):
        submissions.withdraw(one, actor=town)


def test_a_file_is_read_once_sent_by_the_jury_when_it_examines_and_no_more_when_withdrawn(
    settings, tmp_path, django_capture_on_commit_callbacks, client
):
    settings.MEDIA_ROOT = tmp_path
    town, people = keeper(), association()
    call = published(town, questions=[(CallQuestionKind.FILE, True)])
    judge = juror(call, town)
    one = written(call, people)
    [screen] = screens.screens_of(one)
    question = call.questions.get()
    submissions.save_answers(one, screen, {}, {question.pk: picture()}, actor=people)
    url = reverse("initiatives:submission_file", args=[one.key, question.pk])
    sign_in(client, judge.user)
    assert client.get(url).status_code != 200
    submissions.send(one, actor=people)
    assert client.get(url).status_code != 200
    calls.begin_review(over(call), actor=town)
    assert client.get(url).status_code == 200
    assert sign_in(client, town.user, town.membership).get(url).status_code == 200
    submissions.withdraw(one, actor=people)
    assert client.get(url).status_code != 200


def test_a_bad_file_is_refused_on_its_question():
    people = association()
    one = written(published(keeper(), questions=[(CallQuestionKind.FILE, True)]), people)
    [screen] = screens.screens_of(one)
    question = one.call.questions.get()
    from django.core.files.uploadedfile import SimpleUploadedFile

    bad = {question.pk: SimpleUploadedFile("a.exe", b"MZ")}
    with pytest.raises(Refusal) as caught:
        submissions.save_answers(one, screen, {}, bad, actor=people)
    assert caught.value.field == screens.field_of(question)


def test_an_answer_is_withdrawn_until_the_decision():
    town, people = keeper(), association()
    call = published(town)
    juror(call, town)
    one, other = sent(call, people), sent(call, association(), "Jardin")
    reviewing(call, town)
    submissions.withdraw(one, actor=people)
    assert one not in queries.sent_to(call)
    deciding.decide(other, decision="retenue", reason="Très utile.", actor=town)
    deciding.publish_decisions(call, actor=town)
    owner = Actor(other.user, other.user.memberships.get())
    assert code_of(lambda: submissions.withdraw(other, actor=owner)) == "decided"


def test_from_a_project_what_is_known_is_filled_in(client):
    people = association()
    project = ProjectFactory(
        state=ProjectState.ACCOMPANIED,
        holder_organization=people.organization,
        purpose="Réparer plutôt que jeter.",
    )
    call = published(keeper())
    sign_in(client, people.user, people.membership)
    url = reverse("initiatives:answer_with_project", args=[project.key])
    assert call.title in client.get(url).content.decode()
    client.post(url, {"call": call.pk})
    made = Submission.objects.get()
    assert (made.project, made.title) == (project, project.name)
    assert "Réparer" in made.summary


def test_another_project_is_not_answered_with():
    call, people = published(keeper()), association()
    with pytest.raises(Forbidden):
        submissions.start(call, actor=people, project=ProjectFactory())


# --- Becoming a project


def test_a_submission_becomes_a_filed_project_once():
    people = association()
    one = sent(published(keeper()), people)
    pair_of(one.commune)
    project = becoming.make_project(one, actor=people)
    assert project.state == ProjectState.DEPOSITED
    assert (project.name, project.holder_organization) == (one.title, people.organization)
    assert project.contact_email == people.user.email
    one.refresh_from_db()
    assert becoming.make_project(one, actor=people) == project == one.project
    assert queries.of_project(project) == [one]


def test_without_a_pair_the_draft_waits():
    person = Actor(UserFactory())
    one = sent(published(keeper()), person)
    project = becoming.make_project(one, actor=person)
    assert (project.state, project.holder_user) == (ProjectState.DRAFT, person.user)


def test_the_organisers_propose_and_cannot_make_it_themselves():
    town, people = keeper(), association()
    call = published(town)
    juror(call, town)
    one = sent(call, people)
    reviewing(call, town)
    one.refresh_from_db()
    with pytest.raises(Refusal):
        becoming.propose(one, actor=town)
    deciding.decide(one, decision="retenue", reason="Utile.", actor=town)
    deciding.publish_decisions(call, actor=town)
    becoming.propose(one, actor=town)
    becoming.propose(one, actor=town)
    assert Email.objects.filter(subject__contains="propose de faire un projet").count() == 1
    with pytest.raises(Forbidden):
        becoming.make_project(one, actor=town)


def test_the_panel_says_candidature(rf):
    people = association()
    one = sent(published(keeper()), people)
    pair_of(one.commune)
    project = becoming.make_project(one, actor=people)
    request = rf.get("/")
    request.actor, request.user = people, people.user
    panels = [make(request, project) for make in project_panels]
    [panel] = [one for one in panels if one is not None and one.title == "Candidature"]
    assert "Faire vivre la Halle" in panel.render()
