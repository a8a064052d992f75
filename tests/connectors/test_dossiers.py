"""A project sent to the stand-in of the service, and every way it can go."""

import logging
import threading
from base64 import b64decode
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from preau.connectors.actions import dossiers, following, procedures
from preau.connectors.actions.dossiers import Wanted
from preau.connectors.forms.dossiers import AskForm
from preau.connectors.models import Dossier
from preau.connectors.models.dossiers import PURPOSE
from preau.connectors.procedures import emails, queries, remote
from preau.connectors.procedures.filling import doubtful
from preau.connectors.procedures.states import DossierState, ProcedureState
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.core.formats import euros
from preau.core.sealed import unseal
from preau.integrations.http import Unavailable
from preau.notifications.models import Email, Notification
from preau.outside.models import ServiceState
from preau.projects.enums import FundingState
from tests.connectors.conftest import START
from tests.connectors.factories import dossier as kept
from tests.connectors.factories import procedure
from tests.integrations.misbehaving import door
from tests.projects.factories import agent_of, member
from tests.projects.factories import holder as another_holder

D = DossierState
DAY = 86_400
pytestmark = pytest.mark.django_db
WANTED = Wanted(120_000_00)


def ask(project, detr, mayor, wanted=WANTED):
    return dossiers.ask(project, detr, wanted, actor=mayor)


def at(days=0, minutes=0):
    return clock.frozen(START + timedelta(days=days, minutes=minutes))


def reread(one):
    return Dossier.objects.select_related("funding", "project", "procedure").get(pk=one.pk)


def test_a_dossier_is_made_and_tied_to_a_request(demarches, detr, project, mayor):
    one = ask(project, detr, mayor)
    assert (one.state, one.funding.state) == (D.PREFILLED, FundingState.PLANNED)
    assert one.funding.asked_cents == 120_000_00
    assert one.funding.external_number == str(one.number)
    assert remote.link_to(one).startswith(detr_url(detr))
    assert one.expires_at == START + timedelta(days=5)
    sent = {line["label"]: line["text"] for line in one.sent}
    assert sent["Intitulé de l’opération"] == "Une halle pour le marché"
    assert sent["Montant de DETR / DSIL sollicité"] == euros(120_000_00)
    assert sent["Commune d’implantation"] == "Voiron"
    # Nothing that opens it is legible at rest.
    token = unseal(one.sealed_token, purpose=PURPOSE)
    assert token not in one.sealed_token
    assert token not in one.sealed_url


def detr_url(detr):
    return remote.address_of(detr)


def test_what_does_not_go_is_said(demarches, detr, project, mayor):
    project.contact_phone, project.ends_on = "", None
    project.save()
    one = ask(project, detr, mayor)
    said = {line["label"]: line["why"] for line in one.unsent}
    assert said["Date de fin prévisionnelle"] == "votre projet ne le dit pas encore"
    assert said["Téléphone"] == "votre projet ne le dit pas encore"


def test_two_clicks_one_after_the_other_make_one(demarches, detr, project, mayor):
    ask(project, detr, mayor)
    with pytest.raises(Refusal) as no:
        ask(project, detr, mayor)
    assert no.value.code == "already"
    assert demarches("/_count") == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one(demarches, detr, project, mayor):
    together = threading.Barrier(2)
    codes = []

    def click():
        try:
            together.wait(10)
            ask(project, detr, mayor)
        except Refusal as no:
            codes.append(no.code)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert codes == ["already"]
    assert demarches("/_count") == 1
    assert project.funding_requests.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_constraint_alone_makes_one(demarches, detr, project, mayor, monkeypatch):
    """Without the courtesy that looks first; and nobody waits for ever for the other."""
    monkeypatch.setattr(dossiers, "_clear", lambda *facts: None)
    test_two_clicks_at_once_make_one(demarches, detr, project, mayor)


def test_who_may_ask(demarches, detr, project, mayor):
    agent = agent_of(project.service_in_charge)
    for actor in (agent, another_holder(), member(project, "observateur")):
        with pytest.raises(Forbidden):
            ask(project, detr, actor)
    assert demarches("/_count") == 0


def test_what_is_not_offered_is_not_asked(demarches, detr, project, mayor, operator):
    procedures.archive(detr, actor=operator)
    with pytest.raises(Refusal, match="plus proposée"):
        ask(project, detr, mayor)
    assert queries.offers(project) == []


@pytest.mark.parametrize(
    ("mood", "state", "trouble"),
    [
        ("500", D.UNSURE, "panne"),
        ("html", D.UNSURE, "panne"),
        ("truncated", D.UNSURE, "panne"),
        ("cut", D.UNSURE, "panne"),
        ("401", D.FAILED, "refuse"),
        ("429", D.FAILED, "debordee"),
        ("404", D.FAILED, "fermee"),
        ("400", D.FAILED, "refuse"),
    ],
)
def test_a_bad_day_is_said_and_leaves_a_way(demarches, detr, project, mayor, mood, state, trouble):
    demarches(f"/_mood/{mood}")
    one = ask(project, detr, mayor)
    assert (one.state, one.trouble) == (state, trouble)
    assert one.sent
    assert one.may_restart
    demarches("/_mood/none")
    ServiceState.objects.update(paused_until=None)
    if trouble == "fermee":
        procedures.refresh(detr)
    again = ask(project, detr, mayor)
    assert again.state == D.PREFILLED
    assert again.funding_id == one.funding_id  # the same request for money


def test_a_paused_service_is_not_asked(demarches, detr, project, mayor):
    ServiceState.objects.update_or_create(
        service="demarches",
        account="",
        defaults={
            "paused_until": START + timedelta(minutes=5),
            "failures": 4,
            "last_failure_at": START,
        },
    )
    one = ask(project, detr, mayor)
    assert (one.state, one.trouble) == (D.FAILED, "pause")
    assert demarches("/_count") == 0


def test_a_crash_leaves_an_intention_that_says_so(demarches, detr, project, mayor, monkeypatch):
    one = dossiers.intend(project, detr, WANTED, actor=mayor)  # and nothing more: it crashed
    with pytest.raises(Refusal):
        ask(project, detr, mayor)  # perhaps still on its way
    with at(minutes=3):
        assert queries.is_cut_short(one)
        again = ask(project, detr, mayor)
    assert (reread(one).state, again.state) == (D.UNSURE, D.PREFILLED)
    assert [move.after for move in one.moves.all()] == [D.UNSURE]


def test_the_clock_says_it_too(demarches, detr, project, mayor):
    one = dossiers.intend(project, detr, WANTED, actor=mayor)
    assert following.give_up_cut_short() == 0
    with at(minutes=3):
        assert following.give_up_cut_short() == 1
        dossiers.create(one)  # what was still on its way changes nothing
    assert reread(one).state == D.UNSURE


def test_fifteen_in_a_moment_and_no_more(demarches, detr, project, mayor):
    for _ in range(dossiers.AT_ONCE):
        kept(project, procedure())
    with pytest.raises(Refusal) as no:
        ask(project, detr, mayor)
    assert no.value.code == "busy"
    with at(minutes=1):
        assert ask(project, detr, mayor).state == D.PREFILLED


def test_the_state_comes_back_and_both_sides_are_told(demarches, detr, project, mayor):
    one = ask(project, detr, mayor)
    project.filed_by = mayor.user
    project.save()
    for minutes, way, state, funding in (
        (60, "/_claim/{}", D.BROUILLON, FundingState.PLANNED),
        (120, "/_file/{}", D.EN_CONSTRUCTION, FundingState.ASKED),
        (180, "/_agent/{}/en_instruction", D.EN_INSTRUCTION, FundingState.ASKED),
        (240, "/_agent/{}/accepte", D.ACCEPTE, FundingState.ASKED),
    ):
        demarches(way.format(one.number))
        with at(minutes=minutes):
            assert following.follow() == 1
            assert following.follow() == 0  # nobody is asked twice in an hour
        found = reread(one)
        assert (found.state, found.funding.state) == (state, funding)
    assert [move.after for move in one.moves.order_by("pk")] == [
        D.PREFILLED, D.BROUILLON, D.EN_CONSTRUCTION, D.EN_INSTRUCTION, D.ACCEPTE
    ]  # fmt: skip
    told = Notification.objects.filter(topic="connectors.dossiers")
    assert told.filter(user=mayor.user).count() == 3
    assert told.filter(user=project.in_charge).count() == 3
    assert reread(one).awaits_amount
    assert reread(one).funding.granted_cents is None  # never guessed


def test_the_amount_granted_is_the_holder_s_word(demarches, detr, project, mayor):
    one = kept(project, detr, state=D.ACCEPTE)
    one.funding.state, one.funding.asked_on = FundingState.ASKED, START.date()
    one.funding.save()
    dossiers.grant(one, 90_000_00, START.date(), actor=mayor)
    funding = reread(one).funding
    assert (funding.state, funding.granted_cents) == (FundingState.GRANTED, 90_000_00)
    with pytest.raises(Refusal):
        dossiers.grant(one, 1_00, START.date(), actor=mayor)


def reach(demarches, one, *states):
    demarches(f"/_file/{one.number}")
    for state in states:
        demarches(f"/_agent/{one.number}/{state}")


def test_what_happened_between_two_looks(demarches, detr, project, mayor):
    one = ask(project, detr, mayor)
    reach(demarches, one, "en_instruction", "refuse")
    following.follow()
    funding = reread(one).funding
    assert (funding.state, funding.decided_on) == (FundingState.REFUSED, START.date())


def test_states_that_go_back(demarches, detr, project, mayor):
    one = ask(project, detr, mayor)
    reach(demarches, one, "en_instruction", "refuse")
    following.follow()
    demarches(f"/_agent/{one.number}/en_instruction")
    with at(days=2):
        following.follow()
    found = reread(one)
    assert (found.state, found.funding.state) == (D.EN_INSTRUCTION, FundingState.ASKED)
    assert found.processed_at is None
    demarches(f"/_agent/{one.number}/en_construction")
    with at(days=2, minutes=61):
        following.follow()
    assert reread(one).state == D.EN_CONSTRUCTION
    titles = Notification.objects.values_list("title", flat=True)
    assert any("de nouveau en instruction" in title for title in titles)
    assert any("à compléter" in title for title in titles)


def test_a_granted_request_goes_back_with_its_decision(demarches, detr, project, mayor):
    one = ask(project, detr, mayor)
    reach(demarches, one, "en_instruction", "accepte")
    following.follow()
    dossiers.grant(reread(one), 90_000_00, START.date(), actor=mayor)
    demarches(f"/_agent/{one.number}/en_instruction")
    with at(days=2):
        following.follow()
    assert reread(one).funding.state == FundingState.ASKED


def test_sans_suite_withdraws(demarches, detr, project, mayor):
    one = ask(project, detr, mayor)
    reach(demarches, one, "en_instruction", "sans_suite")
    following.follow()
    assert reread(one).funding.state == FundingState.WITHDRAWN


def test_a_demarche_that_fails_keeps_no_other_waiting(demarches, detr, project, mayor, monkeypatch):
    stuck = kept(project, procedure(), state=D.EN_CONSTRUCTION)
    Dossier.objects.filter(pk=stuck.pk).update(checked_at=START - timedelta(days=1))
    one = ask(project, detr, mayor)
    Dossier.objects.filter(pk=one.pk).update(checked_at=START - timedelta(hours=1))
    reach(demarches, one, "en_instruction")
    real = following.demarches.statuses

    def statuses(opened, number, tokens):
        if number == stuck.procedure.number:
            raise Unavailable("status 500")
        return real(opened, number, tokens)

    monkeypatch.setattr(following.demarches, "statuses", statuses)
    with pytest.raises(Unavailable):
        following.follow()
    assert reread(one).state == D.EN_INSTRUCTION
    assert queries.due().get() == stuck  # asked again at the next run


def test_one_that_is_not_understood_goes_to_the_back(project, mayor, detr, demarches, monkeypatch):
    one = ask(project, detr, mayor)
    monkeypatch.setattr(following.demarches, "statuses", lambda *asked: {})
    with at(days=1):
        assert following.follow() == 1
        found = reread(one)
        assert (found.state, found.checked_at) == (D.PREFILLED, clock.now())
        assert not queries.due().exists()
        with pytest.raises(Refusal) as no:
            following.check(found)
        assert no.value.code == "strange"


def test_what_nobody_opened_is_reminded_then_gone(demarches, detr, project, mayor):
    one = ask(project, detr, mayor)
    with at(days=2):
        assert following.remind() == 0
    with at(days=3):
        assert (following.remind(), following.remind()) == (1, 0)
    demarches(f"/_clock/{5 * DAY}")
    with at(days=5, minutes=1):
        assert reread(one).is_lapsed
        following.follow()
        assert reread(one).state == D.EXPIRED
        again = ask(project, detr, mayor)
    assert (again.state, again.funding_id) == (D.PREFILLED, one.funding_id)
    assert project.funding_requests.count() == 1


def test_one_opened_in_time_is_not_made_again(demarches, detr, project, mayor, client):
    """Opened on the last day, and nothing asked since: it is looked at before another is made."""
    one = ask(project, detr, mayor)
    demarches(f"/_claim/{one.number}")
    demarches(f"/_clock/{5 * DAY}")
    client.force_login(mayor.user)
    with at(days=5, minutes=1):
        url = reverse("connectors:grant_prepare", args=[project.key])
        answer = client.post(f"{url}?demarche={detr.key}", {"asked_cents": "120000"})
    assert answer.url == reverse("connectors:grant_dossier", args=[one.key])
    assert demarches("/_count") == 1
    assert reread(one).state == D.BROUILLON


def test_one_empty_answer_proves_nothing(demarches, detr, project, mayor):
    one = ask(project, detr, mayor)
    reach(demarches, one)
    following.follow()
    demarches(f"/_delete/{one.number}")
    with at(minutes=60):
        following.follow()
    assert reread(one).state == D.EN_CONSTRUCTION
    with at(minutes=120):
        following.follow()
    found = reread(one)
    assert (found.state, found.funding.state) == (D.EXPIRED, FundingState.WITHDRAWN)


def test_an_answer_stays_when_its_holder_puts_it_away(demarches, detr, project, mayor):
    one = ask(project, detr, mayor)
    reach(demarches, one, "en_instruction", "accepte")
    following.follow()
    demarches(f"/_delete/{one.number}")
    for days in (2, 4):
        with at(days=days):
            following.follow()
    assert reread(one).state == D.ACCEPTE


def test_a_state_that_cannot_follow_is_not_believed(demarches, detr, project, mayor):
    one = kept(project, detr, state=D.ACCEPTE)
    news = following.News(following.State.BROUILLON)
    assert not following.learn(one, news)
    assert reread(one).state == D.ACCEPTE


def test_an_answer_that_comes_late_does_not_undo_a_later_one(demarches, detr, project, mayor):
    """Asked by the clock, then on a click that was answered first."""
    one = kept(project, detr, state=D.EN_INSTRUCTION)
    late = following.News(following.State.EN_INSTRUCTION, asked_at=START)
    soon = following.News(following.State.ACCEPTE, asked_at=START + timedelta(seconds=2))
    assert following.learn(one, soon)
    assert not following.learn(one, late)
    assert reread(one).state == D.ACCEPTE
    taken_back = following.News(late.state, asked_at=START + timedelta(seconds=4))
    assert following.learn(one, taken_back)
    assert reread(one).state == D.EN_INSTRUCTION


def test_one_that_seemed_gone_and_was_filed_comes_back(demarches, detr, project, mayor):
    one = kept(project, detr, state=D.EXPIRED)
    assert not following.learn(one, following.News(following.State.BROUILLON))
    assert following.learn(one, following.News(following.State.EN_CONSTRUCTION))
    found = reread(one)
    assert (found.state, found.funding.state) == (D.EN_CONSTRUCTION, FundingState.ASKED)


@pytest.mark.parametrize("state", sorted({D.EN_INSTRUCTION, D.ACCEPTE, D.REFUSE, D.EXPIRED}))
def test_an_amount_is_asked_only_where_it_is_missing(project, state):
    one = kept(project, state=state)
    assert one.awaits_amount is (state == D.ACCEPTE)
    one.funding.state = FundingState.GRANTED
    assert not one.awaits_amount


def test_who_said_the_amount_first_is_not_asked_for_it(demarches, detr, project, mayor):
    one = kept(project, detr, state=D.EN_INSTRUCTION)
    project.filed_by = mayor.user
    project.save()
    facts = {"state": FundingState.GRANTED, "granted_cents": 90_000_00}
    dates = {"asked_on": START.date(), "decided_on": START.date()}
    type(one.funding).objects.filter(pk=one.funding_id).update(**facts, **dates)
    assert following.learn(one, following.News(following.State.ACCEPTE))
    told = Email.objects.get(recipient=mayor.user.email)
    assert "déjà noté" in told.text
    assert "Il reste à indiquer" not in told.text


@pytest.mark.parametrize("noted", [FundingState.REFUSED, FundingState.WITHDRAWN])
def test_an_amount_is_not_said_noted_where_the_request_ended(project, noted):
    one = kept(project, state=D.ACCEPTE)
    one.funding.state = noted
    said = emails._next(one)
    assert "déjà noté" not in said
    assert f"« {noted.label} »" in said


def test_without_a_token_what_the_demarche_no_longer_takes_is_listed(
    demarches, detr, project, mayor, client
):
    one = ask(project, detr, mayor)
    client.force_login(mayor.user)
    page = reverse("connectors:grant_dossier", args=[one.key])
    words = "La démarche a changé depuis l’envoi"
    assert words not in client.get(page).content.decode()
    lost = next(line for line in one.sent if line["label"] == "Intitulé de l’opération")
    number = b64decode(lost["champ"]).decode().removeprefix("Champ-")
    demarches(f"/_drop/201/{number}")
    procedures.refresh(detr)
    assert doubtful(detr, one) == ["Intitulé de l’opération"]
    assert words in client.get(page).content.decode()


def test_a_closed_demarche_takes_nobody_and_loses_nothing(demarches, detr, project, mayor):
    one = ask(project, detr, mayor)
    demarches("/_state/201/close")
    with at(minutes=60):
        following.follow()
    assert reread(one).state == D.PREFILLED
    detr.refresh_from_db()
    assert detr.closed_at is not None
    assert queries.offers(project) == []


def test_hundreds_are_asked_by_batches(
    demarches, detr, project, mayor, django_assert_max_num_queries
):
    for _ in range(60):
        kept(project, detr, state=D.EN_INSTRUCTION)
    with at(minutes=60):
        assert following.follow() == 60
    with at(minutes=61):
        assert following.follow() == 0


def test_a_service_down_delays_and_loses_nothing(demarches, detr, project, mayor):
    one = ask(project, detr, mayor)
    demarches(f"/_file/{one.number}")
    demarches("/_mood/500?times=2")
    with pytest.raises(following.Unavailable):
        following.follow()
    with at(minutes=60):
        assert following.follow() == 1
    assert reread(one).state == D.EN_CONSTRUCTION


def test_nothing_of_people_nor_tokens_is_logged(demarches, detr, project, mayor, caplog):
    caplog.set_level(logging.DEBUG)
    one = ask(project, detr, mayor)
    demarches("/_mood/500")
    with pytest.raises(Refusal):
        following.check(one)
    token = unseal(one.sealed_token, purpose=PURPOSE)
    # The library of HTTP tells its addresses at "debug"; ours is set to warnings.
    ours = " ".join(
        record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING
    )
    for secret in (token, "Ana Silva", "mairie@voiron.example"):
        assert secret not in ours


def test_a_year_after_what_was_sent_is_forgotten(demarches, detr, project):
    old = kept(project, detr, state=D.REFUSE)
    new = kept(project, detr, state=D.EN_INSTRUCTION)
    with at(days=400):
        assert following.forget() == 1
        assert following.forget() == 0
    assert (reread(old).sent, reread(old).payload) == ([], {})
    assert reread(new).sent


def test_off_asks_nothing(settings, project, mayor):
    settings.DEMARCHES_URL = ""
    offered = procedure(state=ProcedureState.PUBLISHED)
    with pytest.raises(Refusal) as no:
        ask(project, offered, mayor)
    assert no.value.code == "off"
    assert following.follow() == 0


@pytest.mark.parametrize(
    ("asked", "told"), [("120000,01", True), ("120000", False)], ids=["above", "the whole"]
)
def test_no_more_is_asked_than_the_project_costs(detr, project, asked, told):
    project.budget_cents = 120_000_00
    form = AskForm({"asked_cents": asked}, project=project, procedure=detr)
    assert form.is_valid() is not told
    assert ("Le projet coûte 120\u202f000" in str(form.errors)) is told


@pytest.mark.parametrize("mood", ["500", "slow", "html"])
def test_the_page_says_one_thing_and_gives_the_values(
    demarches, demarches_process, detr, project, mayor, client, mood
):
    client.force_login(mayor.user)
    door(demarches_process, f"/_mood/{mood}")
    url = f"{reverse('connectors:grant_prepare', args=[project.key])}?demarche={detr.key}"
    answer = client.post(url, {"asked_cents": "120 000"}, follow=True)
    page = answer.content.decode()
    assert "n’a pas répondu à temps" in page
    assert "Une halle pour le marché" in page
    assert f"/commencer/{detr.path}" in page
    assert "Recommencer" in page
