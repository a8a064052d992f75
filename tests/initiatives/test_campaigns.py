"""Campaigns: their rules, their clock, what is public, what is forgotten."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from preau.accounts.actors import ANONYMOUS, SYSTEM, Actor
from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives import pledge_links
from preau.initiatives.actions import campaigns as actions
from preau.initiatives.actions import pledges
from preau.initiatives.enums.campaigns import CampaignState, PledgeState
from preau.initiatives.forms.campaigns import ReportForm
from preau.initiatives.models import Campaign, Pledge
from preau.initiatives.queries import campaigns as queries
from preau.initiatives.tasks.campaigns import look_after_campaigns
from preau.notifications.models import Email, Notification
from preau.projects.enums import ProjectState
from preau.projects.models import Project
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.initiatives.campaign_factories import campaign, holder_of, project
from tests.projects.factories import actor_for

pytestmark = pytest.mark.django_db
MONEY = ("argent", "Terre et bacs", 100_000)
PALLETS = ("materiel", "Palettes", 30)
HOURS = ("heures", "Menuiserie", 12)


def open_one(*targets):
    made = campaign(targets=targets or (MONEY, PALLETS, HOURS))
    return made, {one.kind: one for one in made.targets.all()}, holder_of(made.project)


def test_it_opens_only_whole_and_by_its_holder():
    of = project()
    me = holder_of(of)
    with pytest.raises(Forbidden):
        actions.draft(of, actor=Actor(user=UserFactory()), title="Non", commune=of.lead_commune)
    made = actions.draft(of, actor=me, title="Composteurs", commune=of.lead_commune)
    with pytest.raises(Refusal, match="Il manque encore : la présentation, qui collecte"):
        actions.launch(made, actor=me)
    today = clock.today()
    given = {"story": "Voilà.", "organizer": "Nous", "starts_on": today}
    actions.edit(made, {**given, "ends_on": today + timedelta(days=20)}, actor=me)
    actions.set_target(made, kind="argent", label="Bacs", quantity=5000, actor=me)
    with pytest.raises(Refusal, match="collecte en argent"):
        actions.launch(made, actor=me)
    with pytest.raises(Refusal, match="https"):
        actions.edit(made, {"money_url": "http://dons.example"}, actor=me)
    actions.edit(made, {"money_url": "https://dons.example/x"}, actor=me)
    made = actions.launch(made, actor=me)
    assert made.state == CampaignState.OPEN
    with pytest.raises(Refusal, match="ne changent plus"):
        actions.set_target(made, kind="argent", label="Bacs", quantity=1, actor=me)


def test_a_later_first_day_opens_by_the_clock():
    today = clock.today()
    made = campaign(
        state=CampaignState.PREPARED, opened_at=None, starts_on=today + timedelta(days=3)
    )
    me = holder_of(made.project)
    assert actions.launch(made, actor=me).state == CampaignState.PREPARED
    assert look_after_campaigns(0) == 0
    with clock.frozen(clock.now() + timedelta(days=3, hours=2)):
        assert look_after_campaigns(0) == 1
        assert look_after_campaigns(0) == 0
    made.refresh_from_db()
    assert made.state == CampaignState.OPEN


def test_everything_found_in_twenty_days():
    made, targets, me = open_one()
    neighbour = Actor(user=UserFactory(first_name="Nadia"))
    wood = pledges.pledge(targets["materiel"], quantity=30, show_name=True, actor=neighbour)
    hands = pledges.pledge(targets["heures"], quantity=12, actor=neighbour)
    pledges.decide(wood, PledgeState.CONFIRMED, actor=me)
    pledges.decide(hands, PledgeState.RECEIVED, actor=me)
    with clock.frozen(clock.now() + timedelta(days=20)):
        on = clock.today()
        actions.report_money(made, amount_cents=60_000, on=on, proof="Page", actor=me)
        made.refresh_from_db()
        assert made.state == CampaignState.OPEN
        actions.report_money(made, amount_cents=100_000, on=on, proof="Page", actor=me)
    made.refresh_from_db()
    assert (made.state, made.days_taken) == (CampaignState.SUCCEEDED, 20)
    told = Notification.objects.filter(user=neighbour.user, title__contains="est réussie")
    assert told.count() == 1  # two pledges, one letter
    assert "20 jours" in told.get().body
    assert queries.thanked(made) == ["Nadia"]


def test_a_promise_of_money_is_never_counted():
    made, targets, me = open_one(MONEY)
    own = pledges.pledge(targets["argent"], quantity=100_000, actor=Actor(user=UserFactory()))
    with pytest.raises(Refusal, match="plateforme extérieure"):
        pledges.decide(own, PledgeState.RECEIVED, actor=me)
    [line] = queries.progress_of(made)
    assert (line.sure, line.promised, line.percent) == (0, 100_000, 0)
    made.refresh_from_db()
    assert made.state == CampaignState.OPEN


def test_without_an_account_one_confirms_by_a_link(client):
    cache.clear()  # what other tests sent counts against the same limits
    made, targets, me = open_one(PALLETS)
    page = reverse("initiatives:pledge", args=[targets["materiel"].pk])
    given = {"quantity": "5", "name": "Paul", "email": "paul@voisin.example", "show_name": "on"}
    assert client.post(page, given).status_code == 302
    own = Pledge.objects.get()
    assert own.state == PledgeState.UNCONFIRMED
    assert queries.progress_of(made)[0].promised == 0
    assert list(queries.pledges_of(made)) == []
    with pytest.raises(Refusal, match="pas encore confirmé"):
        pledges.decide(own, PledgeState.CONFIRMED, actor=me)
    letter = Email.objects.get(recipient="paul@voisin.example")
    link = pledge_links.page_for(own)
    assert link.split("/")[2] in letter.text and "Paul" not in letter.text
    client.get(link)
    own.refresh_from_db()
    assert own.state == PledgeState.UNCONFIRMED  # a link shows on GET
    client.post(link, {"suite": "confirmer"})
    client.post(link, {"suite": "confirmer"})
    own.refresh_from_db()
    assert own.state == PledgeState.PROMISED
    assert "paul@voisin" not in client.get(reverse_of(made)).content.decode()
    pledges.decide(own, PledgeState.RECEIVED, actor=me)
    thanks = Email.objects.filter(recipient="paul@voisin.example").latest("pk")
    assert thanks.subject.startswith("Merci")
    assert "Paul" in client.get(reverse_of(made)).content.decode()


def reverse_of(made):
    return reverse("initiatives:campaign_show", args=[made.key])


def test_addresses_are_forgotten():
    made, targets, _ = open_one(PALLETS)
    given = {"quantity": 2, "name": "Paul", "email": "paul@voisin.example", "actor": ANONYMOUS}
    pledges.pledge(targets["materiel"], **given)
    kept = pledges.pledge(targets["materiel"], **given)
    pledges.confirm_by_link(kept, actor=ANONYMOUS)
    with clock.frozen(clock.now() + timedelta(days=8)):
        look_after_campaigns(0)
        assert Pledge.objects.get() == kept
    actions.cancel(made, "Le terrain est vendu.", actor=SYSTEM)
    with clock.frozen(clock.now() + timedelta(days=360)):
        look_after_campaigns(0)
        kept.refresh_from_db()
        assert kept.email
    with clock.frozen(clock.now() + timedelta(days=366)):
        assert look_after_campaigns(0) == 1
        assert look_after_campaigns(0) == 0
    kept.refresh_from_db()
    assert kept.email == ""


def test_it_lapses_and_says_so():
    made, targets, _ = open_one(PALLETS)
    neighbour = UserFactory()
    pledges.pledge(targets["materiel"], quantity=3, actor=Actor(user=neighbour))
    with clock.frozen(clock.now() + timedelta(days=43)):
        assert look_after_campaigns(0) == 1
    made.refresh_from_db()
    assert made.state == CampaignState.LAPSED
    assert Notification.objects.filter(user=neighbour, title__contains="est terminée").exists()


def test_nothing_is_promised_after_the_last_local_day(client):
    made = campaign(ends_on=clock.today())
    midnight = datetime.combine(made.ends_on + timedelta(days=1), time(), made.zone)
    target, me = made.targets.get(), Actor(user=UserFactory())
    with clock.frozen(midnight - timedelta(seconds=1)):
        pledges.pledge(target, quantity=1, actor=me)
        late = pledges.pledge(target, quantity=1, email="a@example.org", name="A", actor=ANONYMOUS)
    url = reverse("initiatives:campaign_show", args=[made.key])
    with clock.frozen(midnight):  # the clock's task has not come by
        with pytest.raises(Refusal, match="pas ouverte"):
            pledges.pledge(target, quantity=1, actor=me)
        with pytest.raises(Refusal, match="avant votre confirmation"):
            pledges.confirm_by_link(late, actor=ANONYMOUS)
        page = client.get(url).content.decode()
    assert reverse("initiatives:pledge", args=[target.pk]) not in page


def test_a_plain_member_does_not_promise_for_the_organisation():
    member = MembershipFactory(role=MembershipRole.MEMBER)
    target = campaign().targets.get()
    with pytest.raises(Refusal, match="Seules les personnes qui gèrent"):
        pledges.pledge(target, quantity=1, actor=actor_for(member))
    own = pledges.pledge(target, quantity=1, actor=Actor(user=member.user))
    assert own.organization is None
    manager = MembershipFactory(organization=member.organization, role=MembershipRole.MANAGER)
    assert pledges.pledge(target, quantity=1, actor=actor_for(manager)).organization is not None


@pytest.mark.parametrize("typed", ["1 500,50", "1\u00a0500,50", "1\u202f500,50 €", "1500,50"])
def test_an_amount_is_typed_as_one_writes_it(typed):
    form = ReportForm({"amount": typed, "on": "2026-03-12", "proof": "Page de la collecte"})
    form.is_valid()
    assert form.cleaned_data["amount"] == Decimal("1500.50")


def test_a_pledge_is_its_own_and_within_what_is_asked():
    _, targets, _ = open_one(PALLETS)
    mine = Actor(user=UserFactory())
    with pytest.raises(Refusal, match="plus que ce qui est demandé"):
        pledges.pledge(targets["materiel"], quantity=31, actor=mine)
    own = pledges.pledge(targets["materiel"], quantity=3, actor=mine)
    with pytest.raises(Forbidden):
        pledges.withdraw(own, actor=Actor(user=UserFactory()))
    with pytest.raises(Forbidden):
        pledges.decide(own, PledgeState.CONFIRMED, actor=mine)
    pledges.withdraw(own, actor=mine)
    with pytest.raises(Refusal, match="Annulé"):
        pledges.withdraw(own, actor=mine)


def test_the_public_page_says_nothing_of_the_project(client):
    made, *_ = open_one()
    of = made.project
    of.name, of.description = "Nom tenu secret", "Description tenue secrète"
    of.save()
    shown = client.get(reverse_of(made)).content.decode()
    assert "dons.example" in shown
    for secret in ("tenu secret", "tenue secrète", of.reference, str(of.key)):
        assert secret not in shown
    Campaign.objects.update(state=CampaignState.CANCELLED, ended_at=clock.now(), end_reason="X")
    assert client.get(reverse_of(made)).status_code == 200
    never = campaign(state=CampaignState.PREPARED, opened_at=None)
    assert client.get(reverse_of(never)).status_code == 404
    target = never.targets.get()
    assert client.get(reverse("initiatives:pledge", args=[target.pk])).status_code == 404
    assert "Deux composteurs" not in client.get("/collectes/").content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(client):
    open_one()
    client.get("/collectes/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/collectes/")
    for _ in range(25):
        campaign()
    with CaptureQueriesContext(connection) as many:
        response = client.get("/collectes/")
    assert len(many) == len(one)
    assert len(response.context["page"].lines) == 20
    following = client.get("/collectes/" + response.context["next"])
    assert len(following.context["page"].lines) == 6


def test_states_are_held_by_the_database():
    made, targets, me = open_one(PALLETS)
    own = pledges.pledge(targets["materiel"], quantity=3, actor=me)
    with pytest.raises(IntegrityError, match="does not go"), transaction.atomic():
        Campaign.objects.filter(pk=made.pk).update(state="preparee")
    with pytest.raises(IntegrityError, match="does not go"), transaction.atomic():
        Pledge.objects.filter(pk=own.pk).update(state="a_confirmer", email="a@b.fr")
    Pledge.objects.filter(pk=own.pk).update(state="annule")
    with pytest.raises(IntegrityError, match="does not go"), transaction.atomic():
        Pledge.objects.filter(pk=own.pk).update(state="recu")


def test_the_panel_and_the_holders_pages(client):
    made, targets, me = open_one()
    pledges.pledge(targets["materiel"], quantity=4, actor=Actor(user=UserFactory()))
    sign_in(client, me.user, me.membership)
    sheet = client.get(reverse("projects:sheet", args=[made.project.key])).content.decode()
    assert "Collectes" in sheet and made.title in sheet
    page = client.get(reverse("initiatives:campaign_manage", args=[made.key])).content.decode()
    assert "Marquer reçu" in page
    report = {"amount": "120,50", "on": clock.today().isoformat(), "proof": "Page"}
    client.post(reverse("initiatives:campaign_report", args=[made.key]), report)
    assert made.reports.get().amount_cents == 12_050
    too_late = {"amount": "12", "on": "2090-01-01", "proof": "Page"}
    shown = client.post(reverse("initiatives:campaign_report", args=[made.key]), too_late)
    assert "Ce jour est à venir" in shown.content.decode()


def test_one_that_fails_does_not_stop_the_others():
    campaign(ends_on=clock.today())
    campaign(ends_on=clock.today())
    real, calls = actions.follow_clock, []

    def fails_once(one, *, actor):
        calls.append(one)
        if len(calls) == 1:
            raise RuntimeError
        return real(one, actor=actor)

    with (
        clock.frozen(clock.now() + timedelta(days=2)),
        patch.object(actions, "follow_clock", fails_once),
    ):
        assert look_after_campaigns(0) == 1


def test_what_cannot_open_any_more_is_held_back_once():
    """Its project ended meanwhile: the clock does not stumble on it each hour."""
    first = clock.today() + timedelta(days=3)
    made = campaign(state=CampaignState.PREPARED, opened_at=None, starts_on=first)
    me = holder_of(made.project)
    actions.launch(made, actor=me)
    Project.objects.filter(pk=made.project_id).update(
        state=ProjectState.CLOSED, ended_at=clock.now()
    )
    with clock.frozen(clock.now() + timedelta(days=3, hours=2)):
        assert look_after_campaigns(0) == 1
        assert look_after_campaigns(0) == 0
    made.refresh_from_db()
    assert (made.state, made.is_ready) == (CampaignState.PREPARED, False)
    told = Notification.objects.filter(title__contains="ne s’est pas ouverte")
    assert told.filter(user=me.user).exists()
