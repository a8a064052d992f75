"""The jury: blind until sent, conflicts, the table against an oracle, decisions with reasons."""

import random
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.audiences import deciders_of
from preau.accounts.enums import MembershipRole
from preau.core.errors import Forbidden, Refusal
from preau.documents import actions as documents
from preau.initiatives import jury_links, screens
from preau.initiatives.actions import calls, deciding, reviewing, submissions
from preau.initiatives.actions.reviewing import Given
from preau.initiatives.enums.calls import CallQuestionKind, CallState, ReviewerRole
from preau.initiatives.models import Review, Score
from preau.initiatives.queries import calls as queries
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.documents.pictures import picture
from tests.initiatives.factories_calls import association, juror, keeper, published, sent, written
from tests.initiatives.factories_calls import reviewing as examined

pytestmark = pytest.mark.django_db


def code_of(act) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


def marks(call, *values):
    return {one.pk: Given(value) for one, value in zip(call.criteria.all(), values, strict=True)}


@pytest.fixture
def town():
    return keeper()


@pytest.fixture
def call(town):
    return published(town, weights=(1, 3))


def score(one, actor, *values, sending=True):
    return reviewing.save_review(
        one, marks(one.call, *values), comment="Bien.", actor=actor, sending=sending
    )


def test_somebody_joins_by_the_link_of_the_letter(client, town, call):
    seat = calls.invite_reviewer(
        call, email="jury@example.org", role=ReviewerRole.CHAIR, actor=town
    )
    assert Email.objects.filter(recipient="jury@example.org").exists()
    url = jury_links.page_for(seat)
    page = client.get(url)
    assert call.title in page.content.decode()
    seat.refresh_from_db()
    assert seat.user is None
    assert "Se connecter pour accepter" in page.content.decode()
    assert client.post(url).url == url
    seat.refresh_from_db()
    assert seat.user is None
    user = UserFactory()
    sign_in(client, user)
    assert client.post(url).url == reverse("initiatives:jury", args=[call.key])
    seat.refresh_from_db()
    assert seat.user == user
    sign_in(client, UserFactory())
    client.post(url)
    seat.refresh_from_db()
    assert seat.user == user


def test_scores_wait_for_the_examination_and_end_with_it(town, call):
    judge, one = juror(call, town), sent(call, association())
    with pytest.raises(Forbidden):
        score(one, judge, 3, 3)
    examined(call, town)
    one.refresh_from_db()
    score(one, judge, 3, 3)
    assert code_of(lambda: score(one, judge, 4, 4)) == "sent"


def test_a_review_is_sent_whole_and_kept_in_parts(town, call):
    judge, one = juror(call, town), sent(call, association())
    examined(call, town)
    one.refresh_from_db()
    assert code_of(lambda: score(one, judge, 3, None)) == "scores"
    score(one, judge, 3, None, sending=False)
    assert Score.objects.get().value == 3


def test_an_observer_and_a_stranger_do_not_score(town, call):
    watcher, one = juror(call, town, ReviewerRole.OBSERVER), sent(call, association())
    juror(call, town)
    examined(call, town)
    one.refresh_from_db()
    for actor in (watcher, Actor(UserFactory()), town):
        with pytest.raises(Forbidden):
            score(one, actor, 3, 3)


def test_nobody_judges_their_own(town, call):
    people = association()
    seat = calls.invite_reviewer(call, email=people.user.email, role=ReviewerRole.JUROR, actor=town)
    calls.join_jury(seat, actor=people)
    colleague = MembershipFactory(organization=people.organization).user
    other = calls.invite_reviewer(call, email=colleague.email, role=ReviewerRole.JUROR, actor=town)
    calls.join_jury(other, actor=Actor(colleague))
    one = sent(call, people)
    examined(call, town)
    one.refresh_from_db()
    for actor in (people, Actor(colleague)):
        with pytest.raises(Forbidden):
            score(one, actor, 5, 5)
        [line] = queries.table_of(one.call, actor)
        assert line.hidden


def test_a_conflict_erases_scores_and_forbids_more(town, call):
    judge, one = juror(call, town), sent(call, association())
    examined(call, town)
    one.refresh_from_db()
    score(one, judge, 3, 3, sending=False)
    assert code_of(lambda: reviewing.declare_conflict(one, reason=" ", actor=judge)) == "reason"
    review = reviewing.declare_conflict(one, reason="Ma sœur préside.", actor=judge)
    assert not review.scores.exists()
    assert code_of(lambda: score(one, judge, 5, 5)) == "conflict"
    criterion = call.criteria.first()
    with pytest.raises(IntegrityError), transaction.atomic():  # whatever writes it
        Score.objects.create(review=review, criterion=criterion, value=5)
    [line] = queries.table_of(one.call, judge)
    assert line.hidden
    assert (line.expected, line.conflicts) == (0, [judge.user.full_name])


def test_a_score_sent_does_not_change_in_the_database(town, call):
    judge, one = juror(call, town), sent(call, association())
    examined(call, town)
    one.refresh_from_db()
    score(one, judge, 3, 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.update(value=5)


def test_the_others_are_read_once_ones_own_is_sent(client, town, call):
    first, second = juror(call, town), juror(call, town)
    one = sent(call, association())
    examined(call, town)
    one.refresh_from_db()
    reviewing.save_review(one, marks(call, 4, 2), comment="Avis secret", actor=first, sending=True)
    assert queries.reviews_for(one, second) == []
    sign_in(client, second.user)
    for name, thing in (("review", one), ("submission", one), ("jury", call)):
        page = client.get(reverse(f"initiatives:{name}", args=[thing.key])).content.decode()
        assert "Avis secret" not in page
        assert "2,50" not in page
    score(one, second, 1, 1)
    assert len(queries.reviews_for(one, second)) == 2
    url = reverse("initiatives:review", args=[one.key])
    assert "Avis secret" in client.get(url).content.decode()
    assert len(queries.reviews_for(one, town)) == 2


def test_a_manager_of_the_jury_is_blind_too(town, call):
    seat = calls.invite_reviewer(call, email=town.user.email, role="jury", actor=town)
    calls.join_jury(seat, actor=town)
    first, one = juror(call, town), sent(call, association())
    examined(call, town)
    one.refresh_from_db()
    score(one, first, 4, 2)
    [line] = queries.table_of(one.call, town)
    assert line.hidden
    assert line.mean is None


@pytest.mark.parametrize("seed", range(12))
def test_the_table_agrees_with_an_oracle(seed, town):
    rng = random.Random(seed)
    weights = [rng.randint(1, 10) for _ in range(rng.randint(1, 4))]
    call = published(town, weights=weights)
    judges = [juror(call, town) for _ in range(rng.randint(1, 3))]
    ones = [sent(call, association(), f"N {n}") for n in range(rng.randint(1, 3))]
    examined(call, town)
    wanted = {}
    for one in ones:
        one.refresh_from_db()
        found = []
        for judge in judges:
            fate = rng.random()
            values = [rng.randint(0, 5) for _ in weights]
            if fate < 0.6:
                score(one, judge, *values)
                total = sum(Fraction(w * v) for w, v in zip(weights, values, strict=True))
                found.append(total / sum(weights))
            elif fate < 0.8:
                reviewing.declare_conflict(one, reason="Lien", actor=judge)
        wanted[one.pk] = found
    table = queries.table_of(call, town)
    for line in table:
        found = wanted[line.submission.pk]
        assert line.sent == len(found)
        if not found:
            assert line.mean is None
            continue
        assert line.mean == pytest.approx(float(sum(found) / len(found)))
        assert line.spread == pytest.approx(float(max(found) - min(found)))
    means = [line.mean for line in table if line.mean is not None]
    assert means == sorted(means, reverse=True)


def test_the_table_asks_as_much_for_many(town, call, django_assert_max_num_queries):
    juror(call, town)
    for number in range(6):
        sent(call, association(), f"N {number}")
    examined(call, town)
    with django_assert_max_num_queries(8):
        queries.table_of(call, town)


# --- Decisions


def test_decisions_have_reasons_and_leave_together(town, call):
    people, others = association(), association()
    juror(call, town)
    one, two = sent(call, people), sent(call, others, "Jardin")
    examined(call, town)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (
        code_of(lambda: deciding.decide(one, decision="retenue", reason=" ", actor=town))
        == "reason"
    )
    deciding.decide(one, decision="retenue", reason="Utile à tous.", actor=town)
    one.refresh_from_db()
    assert one.told_decision == ""
    assert code_of(lambda: deciding.publish_decisions(call, actor=town)) == "undecided"
    deciding.decide(two, decision="non_retenue", reason="Hors du territoire.", actor=town)
    before = Email.objects.count()
    deciding.publish_decisions(call, actor=town)
    assert Email.objects.count() == before + 2
    letter = Email.objects.get(subject__contains="Jardin", subject__endswith="non retenue")
    assert "Hors du territoire." in letter.text
    one = type(one).objects.get(pk=one.pk)
    assert one.told_decision == "Retenue"
    assert code_of(lambda: deciding.decide(one, decision="", reason="", actor=town)) == "state"


def test_the_database_wants_a_reason(town, call):
    one = sent(call, association())
    with pytest.raises(IntegrityError), transaction.atomic():
        type(one).objects.filter(pk=one.pk).update(decision="retenue")


@pytest.mark.parametrize("announces", [True, False])
def test_winners_are_named_only_if_the_call_said_so(client, town, announces):
    call = published(town, announces_winners=announces)
    juror(call, town)
    one = sent(call, association(), "Atelier vélo du samedi")
    examined(call, town)
    one.refresh_from_db()
    deciding.decide(one, decision="retenue", reason="Utile.", actor=town)
    call = deciding.publish_decisions(call, actor=town)
    assert call.state == CallState.DECIDED
    page = client.get(reverse("initiatives:call", args=[call.key])).content.decode()
    assert ("Atelier vélo du samedi" in page) is announces


def test_whoever_has_a_conflict_does_not_decide(town, call):
    seat = calls.invite_reviewer(call, email=town.user.email, role="jury", actor=town)
    calls.join_jury(seat, actor=town)
    one = sent(call, association())
    examined(call, town)
    one.refresh_from_db()
    reviewing.declare_conflict(one, reason="Voisin.", actor=town)
    with pytest.raises(Forbidden):
        deciding.decide(one, decision="retenue", reason="Bien.", actor=town)


def test_examining_wants_submissions_and_a_jury(town, call):
    from tests.initiatives.factories_calls import over

    over(call)
    assert code_of(lambda: calls.begin_review(call, actor=town)) == "none"


def test_a_review_page_keeps_then_sends(client, town, call):
    judge, one = juror(call, town), sent(call, association())
    examined(call, town)
    sign_in(client, judge.user)
    url = reverse("initiatives:review", args=[one.key])
    first, second = call.criteria.all()
    data = {f"value_{first.pk}": "4", f"value_{second.pk}": "", "comment": "À creuser"}
    client.post(url, data | {"action": "garder"})
    assert Review.objects.get().state == "brouillon"
    page = client.post(url, data | {"action": "envoyer"}).content.decode()
    assert "Donnez une note à chaque critère" in page
    assert "À creuser" in page
    client.post(url, data | {f"value_{second.pk}": "2", "action": "envoyer"})
    assert Review.objects.get().state == "envoyee"


# --- The files of what was sent follow the examination


def with_file(town, people):
    """A call that asks for a file, and an answer to it; its document."""
    call = published(town, weights=(1, 3), questions=[(CallQuestionKind.FILE, True)])
    one = written(call, people)
    [screen] = screens.screens_of(one)
    uploads = {call.questions.get().pk: picture()}
    submissions.save_answers(one, screen, {}, uploads, actor=people)
    one = submissions.send(one, actor=people)
    return call, one, one.answers.get().document


def read_by(document) -> set[str]:
    own = deciders_of(document.owner_organization_id)
    return set(document.readers.exclude(key=own).values_list("key", flat=True))


def key_of(actor) -> str:
    return f"user:{actor.user.pk}"


def test_the_jury_has_the_files_when_it_examines_or_joins_then(town):
    call, _, document = with_file(town, association())
    organisers = {deciders_of(town.organization.pk)}
    early = juror(call, town)
    assert read_by(document) == organisers
    examined(call, town)
    assert read_by(document) == organisers | {key_of(early)}
    late = juror(call, town)
    assert read_by(document) == organisers | {key_of(early), key_of(late)}
    calls.remove_reviewer(call.reviewers.get(user=early.user), actor=town)
    assert read_by(document) == organisers | {key_of(late)}


def test_a_conflict_hides_the_files_even_after_coming_back(town):
    call, one, document = with_file(town, association())
    judge = juror(call, town)
    examined(call, town)
    one.refresh_from_db()
    reviewing.declare_conflict(one, reason="Ma sœur préside.", actor=judge)
    assert key_of(judge) not in read_by(document)
    seat = call.reviewers.get()
    calls.remove_reviewer(seat, actor=town)
    calls.invite_reviewer(call, email=seat.email, role=ReviewerRole.JUROR, actor=town)
    assert key_of(judge) not in read_by(document)


def test_what_is_withdrawn_is_shown_to_nobody_else(town):
    people = association()
    call, one, document = with_file(town, people)
    judge = juror(call, town)
    examined(call, town)
    documents.share(document, ["user:999999"], actor=people)  # of a former day
    assert key_of(judge) in read_by(document)
    before = document.readers.filter(key=deciders_of(people.organization.pk)).count()
    submissions.withdraw(one, actor=people)
    assert read_by(document) == set()
    kept = document.readers.filter(key=deciders_of(people.organization.pk)).count()
    assert kept == before


def test_the_jury_reads_no_answer_while_others_are_written(client, town, call):
    judge, one = juror(call, town), sent(call, association())
    sign_in(client, judge.user)
    pages = [reverse(f"initiatives:{name}", args=[one.key]) for name in ("submission", "review")]
    assert {client.get(url).status_code for url in pages} == {403}
    examined(call, town)
    assert {client.get(url).status_code for url in pages} == {200}


@pytest.mark.parametrize(
    ("role", "reads"), [(MembershipRole.CARETAKER, False), (MembershipRole.APPROVER, True)]
)
def test_those_who_decide_for_the_organisers_read_what_was_sent(client, town, call, role, reads):
    juror(call, town)
    one = sent(call, association(), "Repair café du samedi")
    hat = MembershipFactory(organization=town.organization, role=role)
    sign_in(client, hat.user, hat)
    url = reverse("initiatives:submission", args=[one.key])
    assert client.get(url).status_code == (200 if reads else 403)
    page = client.get(reverse("initiatives:call_manage", args=[call.key])).content.decode()
    assert ("Repair café du samedi" in page) is reads
    assert ("1\u00a0candidature envoyée" in page) is not reads


# --- Coming back, coming late


def test_somebody_invited_again_has_their_seat_and_votes_once(town, call):
    judge, one = juror(call, town), sent(call, association())
    examined(call, town)
    one.refresh_from_db()
    score(one, judge, 3, 3)
    seat = call.reviewers.get()
    calls.remove_reviewer(seat, actor=town)
    again = calls.invite_reviewer(call, email=seat.email, role=ReviewerRole.JUROR, actor=town)
    assert again.pk == seat.pk
    assert code_of(lambda: score(one, judge, 5, 5)) == "sent"


def test_another_address_does_not_lift_a_conflict(town, call):
    judge, one = juror(call, town), sent(call, association())
    examined(call, town)
    one.refresh_from_db()
    reviewing.declare_conflict(one, reason="Voisin.", actor=judge)
    calls.remove_reviewer(call.reviewers.get(), actor=town)
    other = calls.invite_reviewer(call, email="autre@example.org", role="jury", actor=town)
    calls.join_jury(other, actor=judge)
    assert code_of(lambda: score(one, judge, 5, 5)) == "conflict"
    assert call.reviewers.get(removed_at=None).user == judge.user


def test_nobody_joins_after_the_decision(town, call):
    juror(call, town)
    late = calls.invite_reviewer(call, email="tard@example.org", role="jury", actor=town)
    one = sent(call, association())
    examined(call, town)
    one.refresh_from_db()
    deciding.decide(one, decision="retenue", reason="Utile.", actor=town)
    deciding.publish_decisions(call, actor=town)
    assert code_of(lambda: calls.join_jury(late, actor=Actor(UserFactory()))) == "state"


def test_a_manager_who_is_tied_does_not_read_the_decision_before_it_leaves(client, town, call):
    juror(call, town)
    people = association()
    tied = MembershipFactory(organization=town.organization, role=MembershipRole.MANAGER).user
    MembershipFactory(organization=people.organization, user=tied)
    hat = tied.memberships.get(organization=town.organization)
    one = sent(call, people)
    examined(call, town)
    one.refresh_from_db()
    deciding.decide(one, decision="non_retenue", reason="Motif tenu secret", actor=town)
    sign_in(client, tied, hat)
    for name, thing in (("call_manage", call), ("call_decisions", call)):
        response = client.get(reverse(f"initiatives:{name}", args=[thing.key]))
        assert response.status_code == 200
        page = response.content.decode()
        assert "Réservé" in page
        assert "Non retenue" not in page
        assert "Motif tenu secret" not in page
    assert client.get(reverse("initiatives:submission_decide", args=[one.key])).status_code == 403


def test_a_manager_of_the_jury_decides_once_their_review_is_sent(client, town, call):
    seat = calls.invite_reviewer(call, email=town.user.email, role="jury", actor=town)
    calls.join_jury(seat, actor=town)
    other = MembershipFactory(organization=town.organization, role=MembershipRole.MANAGER)
    one = sent(call, association())
    examined(call, town)
    one.refresh_from_db()
    colleague = Actor(other.user, other)
    deciding.decide(one, decision="non_retenue", reason="Motif tenu secret", actor=colleague)
    sign_in(client, town.user, town.membership)
    url = reverse("initiatives:submission_decide", args=[one.key])
    answer = client.get(url)
    assert answer.url == reverse("initiatives:review", args=[one.key])
    page = client.get(reverse("initiatives:call_manage", args=[call.key])).content.decode()
    assert "Non retenue" not in page
    assert code_of(lambda: deciding.decide(one, decision="", reason="", actor=town)) == "blind"
    score(one, town, 3, 3)
    assert "Motif tenu secret" in client.get(url).content.decode()
