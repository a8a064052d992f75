"""What is proposed to a holder: drafted, sent together, seen, answered, withdrawn."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from preau.accounts.actors import ANONYMOUS, SYSTEM
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.notifications.models import Email, Notification
from preau.projects.actions import recommendations, replies
from preau.projects.actions.recommendations import Advice
from preau.projects.actions.replies import Reply
from preau.projects.enums import (
    ANSWERS,
    EventKind,
    ProjectRole,
    ProjectState,
    RecommendationState,
    ServiceKind,
    Visibility,
)
from preau.projects.models import Project, Recommendation, SuggestionDecision
from preau.projects.queries.recommendations import (
    may_read,
    recommendations_for,
    sent_among,
    why_lapsed,
)
from preau.projects.suggestions.one import Suggestion
from preau.projects.tasks.help import lapse_recommendations
from preau.resources.enums import HelpKind, ResourceState
from tests.projects.factories import (
    ProjectFactory,
    agent_of,
    assigned,
    blockage,
    days_ago,
    holder,
    member,
    pair_of,
    service,
)
from tests.resources.factories import published
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db
R = RecommendationState
DETR = Advice(HelpKind.FUNDING, "La DETR", "Elle finance les halles.")


@pytest.fixture
def project(mayor):
    return ProjectFactory(
        state=ProjectState.ACCOMPANIED,
        holder_organization=mayor.organization,
        filed_by=mayor.user,
    )


@pytest.fixture
def sent(project, agent):
    draft = recommendations.draft(project, DETR, actor=agent)
    return recommendations.send([draft], actor=agent)[0]


def suggestion(number=1, **more):
    facts = {"kind": HelpKind.FUNDING, "title": f"Aide {number}", "summary": "", "score": 70}
    return Suggestion(id=f"resource:{number}", **facts | {"reasons": ("Elle convient.",)} | more)


def letters(user):
    found = Email.objects.filter(recipient=user.email).order_by("pk")
    return list(found.values_list("subject", flat=True))


# --- Drafting and sending


def test_a_draft_is_for_the_state_side_alone(project, agent, mayor):
    draft = recommendations.draft(project, DETR, actor=agent)
    follower, _ = service(kind=ServiceKind.OTHER)
    assigned(project, follower, ProjectRole.OBSERVER)
    drome = DepartementFactory(code="26", name="Drôme")
    elsewhere = pair_of(CommuneFactory(code="26362", name="Valence", departement=drome)).ddt
    readers = [agent, agent_of(follower), SYSTEM]
    others = [
        mayor,
        member(project),
        member(project, ProjectRole.OBSERVER),
        agent_of(elsewhere),
        holder(),
        ANONYMOUS,
    ]
    assert [list(recommendations_for(one, project)) for one in readers] == [[draft]] * 3
    assert [list(recommendations_for(one, project)) for one in others] == [[]] * 6
    assert [may_read(one, draft) for one in [*readers, *others]] == [True] * 3 + [False] * 6
    assert not sent_among([project]).exists()
    assert letters(mayor.user) == []
    line = project.events.get(kind=EventKind.RECOMMENDATION)
    assert line.visibility == Visibility.STATE


def test_only_the_state_side_advises(project, mayor):
    for actor in [mayor, member(project), member(project, ProjectRole.OBSERVER), holder()]:
        with pytest.raises(Forbidden):
            recommendations.draft(project, DETR, actor=actor)


def test_sending_dates_the_first_advice_once(project, agent):
    one = blockage(project)
    first = recommendations.draft(project, DETR, blockage=one, actor=agent)
    with clock.frozen(days_ago(3)):
        recommendations.send([first], actor=agent)
    second = recommendations.draft(project, DETR, blockage=one, actor=agent)
    recommendations.send([second], actor=agent)
    project.refresh_from_db()
    one.refresh_from_db()
    assert (clock.now() - project.first_advice_at).days == 3
    assert (clock.now() - one.advised_at).days == 3


def test_several_leave_in_one_letter(project, agent, mayor):
    drafts = [recommendations.draft(project, DETR, actor=agent) for _ in range(3)]
    assert len(recommendations.send(drafts, actor=agent)) == 3
    assert letters(mayor.user) == [f"3 recommandations pour « {project.name} »"]
    assert recommendations.send(drafts, actor=agent) == []  # pressed twice
    assert len(letters(mayor.user)) == 1
    assert Notification.objects.filter(user=mayor.user).count() == 1


def test_observers_get_no_letter(project, agent):
    watcher = member(project, ProjectRole.OBSERVER)
    recommendations.send([recommendations.draft(project, DETR, actor=agent)], actor=agent)
    assert letters(watcher.user) == []
    assert mail.outbox == []  # the outbox is a table: nothing leaves in the transaction


def test_no_letter_tells_of_a_draft(project, agent, mayor):
    secret = Advice(HelpKind.FUNDING, "Une piste secrète", "À vérifier d’abord.")
    recommendations.draft(project, secret, actor=agent)
    recommendations.send([recommendations.draft(project, DETR, actor=agent)], actor=agent)
    for letter in Email.objects.all():
        assert "secrète" not in letter.subject + letter.text + letter.html


def test_what_was_sent_changes_no_more(project, agent, sent):
    with pytest.raises(Refusal) as refused:
        recommendations.adapt(sent, DETR, actor=agent)
    assert refused.value.code == "sent"
    with pytest.raises(Refusal):
        recommendations.discard_draft(sent, actor=agent)


def test_a_recommendation_says_why(project, agent):
    bare = recommendations.draft(project, Advice(HelpKind.FUNDING, "La DETR", " "), actor=agent)
    with pytest.raises(Refusal) as refused:
        recommendations.send([bare], actor=agent)
    assert refused.value.code == "rationale"
    with pytest.raises(IntegrityError), transaction.atomic():  # the database says so too
        Recommendation.objects.filter(pk=bare.pk).update(state=R.SENT, sent_at=clock.now())


def test_nothing_is_proposed_to_a_project_that_is_over(project, agent):
    draft = recommendations.draft(project, DETR, actor=agent)
    Project.objects.filter(pk=project.pk).update(state=ProjectState.CLOSED, ended_at=clock.now())
    with pytest.raises(Refusal) as refused:
        recommendations.send([draft], actor=agent)
    assert refused.value.code == "over"


# --- Suggestions taken up or set aside


def test_a_suggestion_is_taken_up_once(project, agent):
    one = blockage(project)
    made = recommendations.send_as_is(one, suggestion(), actor=agent)
    assert (made.suggestion_id, made.rationale) == ("resource:1", "Elle convient.")
    with pytest.raises(Refusal) as refused:
        recommendations.send_as_is(one, suggestion(), actor=agent)
    assert refused.value.code == "taken"
    assert SuggestionDecision.objects.count() == 1


def test_a_suggestion_withdrawn_may_be_taken_up_again(project, agent):
    one = blockage(project)
    first = recommendations.send_as_is(one, suggestion(), actor=agent)
    recommendations.withdraw(first, reason="Le règlement a changé.", actor=agent)
    assert recommendations.send_as_is(one, suggestion(), actor=agent).pk != first.pk


def test_a_draft_thrown_away_gives_its_suggestion_back(project, agent):
    one, draft = blockage(project), None
    advice = recommendations.advice_of(suggestion())
    draft = recommendations.draft(
        project, advice, blockage=one, suggestion=suggestion(), actor=agent
    )
    recommendations.discard_draft(draft, actor=agent)
    recommendations.send_as_is(one, suggestion(), actor=agent)


def test_setting_aside_has_its_reason_and_stays_on_the_state_side(project, agent, mayor):
    one = blockage(project)
    with pytest.raises(Refusal):
        recommendations.discard_suggestion(one, suggestion(), reason=" ", actor=agent)
    with pytest.raises(Forbidden):
        recommendations.discard_suggestion(one, suggestion(), reason="Non", actor=mayor)
    recommendations.discard_suggestion(one, suggestion(), reason="Déjà demandée.", actor=agent)
    line = project.events.get(kind=EventKind.RECOMMENDATION)
    assert (line.reason, line.visibility) == ("Déjà demandée.", Visibility.STATE)


# --- Seen


def test_it_is_seen_once_by_the_holder_side(project, sent, agent, mayor):
    watcher = member(project, ProjectRole.OBSERVER)
    assert not replies.see(sent, actor=agent)
    assert not replies.see(sent, actor=watcher)
    assert not replies.see(sent, actor=SYSTEM)
    assert replies.see(sent, actor=mayor)
    first = Recommendation.objects.get(pk=sent.pk)
    assert first.state == R.SEEN
    assert not replies.see(first, actor=member(project))
    assert Recommendation.objects.get(pk=sent.pk).seen_at == first.seen_at


# --- Answered


@pytest.mark.parametrize("state", sorted(ANSWERS))
def test_the_holder_answers(project, sent, mayor, agent, state):
    made = replies.answer(sent, Reply(R(state), "Parce que.", True), actor=mayor)
    sent.refresh_from_db()
    assert (sent.state, made.state, made.helpful) == (state, state, True)
    assert sent.seen_at
    assert sent.answered_at
    told = Notification.objects.filter(user=agent.user).values_list("title", flat=True)
    assert "La DETR" in told[0]


def test_a_partner_answers_too_and_nobody_else(project, sent, agent):
    replies.answer(sent, Reply(R.STUDIED), actor=member(project))
    for actor in [agent, member(project, ProjectRole.OBSERVER), holder(), ANONYMOUS]:
        with pytest.raises(Forbidden):
            replies.answer(sent, Reply(R.ENGAGED), actor=actor)


def test_a_no_says_why(sent, mayor):
    with pytest.raises(Refusal) as refused:
        replies.answer(sent, Reply(R.REFUSED, "  "), actor=mayor)
    assert refused.value.field == "reason"


def test_changing_ones_mind_is_another_row(sent, mayor):
    for state in (R.STUDIED, R.ENGAGED, R.REFUSED, R.REALISED):
        replies.answer(sent, Reply(state, "Voilà."), actor=mayor)
    assert [one.state for one in sent.answers.order_by("id")] == [
        R.STUDIED,
        R.ENGAGED,
        R.REFUSED,
        R.REALISED,
    ]


def test_pressing_twice_is_one_answer(sent, mayor, agent):
    for _ in range(2):
        replies.answer(sent, Reply(R.ENGAGED), actor=mayor)
    assert sent.answers.count() == 1
    replies.answer(sent, Reply(R.ENGAGED, "Dossier déposé hier."), actor=mayor)  # says more
    assert sent.answers.count() == 2


def test_a_link_answers_once(sent, mayor):
    """Two presses at once: the second comes after the first was written."""
    first = replies.answer(sent, Reply(R.ENGAGED, by_link=True), actor=mayor)
    again = replies.answer(sent, Reply(R.REFUSED, "Non.", by_link=True), actor=mayor)
    assert again == first
    sent.refresh_from_db()
    assert sent.state == R.ENGAGED
    replies.answer(sent, Reply(R.REFUSED, "Non."), actor=mayor)  # signed in, one may
    assert sent.answers.count() == 2


def test_a_draft_and_a_withdrawn_one_have_no_answer(project, agent, sent, mayor):
    draft = recommendations.draft(project, DETR, actor=agent)
    with pytest.raises(Refusal):
        replies.answer(draft, Reply(R.ENGAGED), actor=mayor)
    recommendations.withdraw(sent, reason="Fausse route.", actor=agent)
    with pytest.raises(Refusal) as refused:
        replies.answer(sent, Reply(R.ENGAGED), actor=mayor)
    assert refused.value.code == "lapsed"


# --- Ended


def test_a_withdrawal_is_explained_and_told(project, sent, agent, mayor):
    with pytest.raises(Refusal):
        recommendations.withdraw(sent, reason="", actor=agent)
    gone = recommendations.withdraw(sent, reason="L’aide est close.", actor=agent)
    assert why_lapsed(gone) == "L’aide est close."
    assert letters(mayor.user)[-1] == "Recommandation retirée : La DETR"


@pytest.mark.parametrize("state", [R.ENGAGED, R.REALISED])
def test_the_end_of_a_record(project, agent, mayor, state):
    """What waits lapses with its record; what the holder has engaged does not."""
    today = clock.today()
    aid = published()
    made = [
        recommendations.send_as_is(
            blockage(project), suggestion(n, resource_id=aid.pk), actor=agent
        )
        for n in range(2)
    ]
    replies.answer(made[1], Reply(state), actor=mayor)
    assert lapse_recommendations(0) == 0
    type(aid).objects.filter(pk=aid.pk).update(expires_on=days_ago(2).date())
    assert aid.state == ResourceState.PUBLISHED
    assert aid.expires_on > today
    assert lapse_recommendations(0) == 1
    assert lapse_recommendations(0) == 0
    states = [Recommendation.objects.get(pk=one.pk).state for one in made]
    assert states == [R.LAPSED, state]
    assert len([one for one in letters(mayor.user) if "retirée" in one]) == 1
