"""From a place's occupancies to a settled sharing."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from preau.accounts.enums import MembershipRole
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.documents.models import Document
from preau.economics import annexing
from preau.economics.actions import allocations, proposing
from preau.economics.actions.allocations import WantedProvider
from preau.economics.enums import AllocationState, Answer, CostPart, Origin
from preau.economics.gaming import game_of
from preau.economics.merging import settle
from preau.economics.models import CostAllocation, CostItem, ProviderLine
from preau.economics.tasks import remind_providers
from preau.notifications.models import Notification
from tests.accounts.factories import OrganizationFactory, sign_in
from tests.booking.factories import bookable_space, booking, evening
from tests.economics.conftest import hand_of
from tests.economics.factories import allocation_of, charge, proposed, provider, soon, whole

pytestmark = pytest.mark.django_db


def told(actor):
    return list(Notification.objects.filter(user=actor.user).values_list("title", flat=True))


def test_providers_come_from_the_real_occupancies(keeping, place, of_caf, caf):
    space = bookable_space(place=place, surface=35)
    for days in (10, 12):
        booking(space, actor=of_caf, days=days, confirmed=True)
    booking(space, actor=of_caf, days=14)  # still asked for
    today = clock.today(place.zone)
    allocation = allocation_of(keeping, place, first_day=today, last_day=today + timedelta(days=30))
    line = allocation.providers.get()
    held = evening(space)
    minutes = round((held.end - held.start).total_seconds() / 60)
    assert (line.organization, line.minutes, line.square_metres) == (caf, 2 * minutes, 35)
    assert line.half_days == sorted(f"{today + timedelta(days=d)}:soir" for d in (10, 12))
    assert line.origin == Origin.OCCUPANCIES


def test_permanences_count_and_closures_do_not(keeping, place, caf):
    space = bookable_space(place=place, surface=35)
    for days, kind in ((10, OccupancyKind.RESIDENCY), (11, OccupancyKind.CLOSURE)):
        period = evening(space, days=days, start=11, end=14)
        Occupancy.objects.create(
            space=space, root=space, place=place, departement_code=place.departement_code,
            kind=kind, period=(period.start, period.end), busy=(period.start, period.end),
            label="x", holder_organization=caf,
        )  # fmt: skip
    today = clock.today(place.zone)
    allocation = allocation_of(keeping, place, first_day=today, last_day=today + timedelta(days=30))
    line = allocation.providers.get()
    day = today + timedelta(days=10)
    assert (line.minutes, line.half_days) == (180, [f"{day}:apres-midi", f"{day}:matin"])


def test_a_correction_is_reasoned_and_survives_a_new_reading(keeping, place, of_caf):
    space = bookable_space(place=place)
    booking(space, actor=of_caf, days=10, confirmed=True)
    today = clock.today(place.zone)
    allocation = allocation_of(keeping, place, first_day=today, last_day=today + timedelta(days=30))
    line = allocation.providers.get()
    wanted = WantedProvider(name=line.name, minutes=999, square_metres=20, weekly=None)
    with pytest.raises(Refusal, match="dites pourquoi"):
        allocations.edit_provider(line, wanted, actor=keeping)
    wanted = WantedProvider(
        name=line.name, minutes=999, square_metres=20, weekly=None, correction="Salle prêtée"
    )
    allocations.edit_provider(line, wanted, actor=keeping)
    assert allocations.prefill(allocation, actor=keeping) == 0
    line.refresh_from_db()
    assert (line.minutes, len(line.half_days)) == (999, 1)


def test_a_place_of_others_is_not_read(keeping):
    other = bookable_space().place
    with pytest.raises(Refusal, match="lieu que vous gérez"):
        allocation_of(keeping, other)


def test_who_may(keeping, town, of_caf):
    allocation = allocation_of(keeping)
    for actor in (of_caf, hand_of(town, MembershipRole.MEMBER)):
        with pytest.raises(Forbidden):
            charge(allocation, actor)
    with pytest.raises(Forbidden):
        allocation_of(hand_of(town, MembershipRole.MEMBER))
    unverified = hand_of(OrganizationFactory(town=True))
    with pytest.raises(Forbidden):
        allocation_of(unverified)


def test_a_usual_week_is_every_day_of_the_period(keeping):
    allocation = allocation_of(keeping)
    line = provider(allocation, "Poste", keeping, weekly=("1:matin", "3:soir"))
    assert len(line.half_days) == 43 + 44  # Tuesdays and Thursdays of the school year
    assert line.half_days[0] == "2026-09-01:matin"


def test_the_same_provider_is_there_once(keeping, caf):
    allocation = allocation_of(keeping)
    provider(allocation, "Caf", keeping, organization=caf)
    with pytest.raises(Refusal, match="figure déjà"):
        provider(allocation, "Caf", keeping)
    with pytest.raises(Refusal, match="figure déjà"):
        provider(allocation, "Caf bis", keeping, organization=caf)


def test_proposed_shares_are_frozen_shown_and_add_up(keeping, caf, of_caf):
    allocation = proposed(keeping, caf)
    lines = list(allocation.providers.all())
    assert sum(one.share_cents for one in lines) == game_of(allocation).total
    assert all(one.share_cents <= one.alone_cents for one in lines)
    for one in lines:
        assert sum(cents for _, cents in one.explanation) == one.share_cents
    document = Document.objects.get()
    assert document == allocation.annex
    assert list(document.readers.values_list("key", flat=True)) == [f"organization:{caf.pk}"]
    assert "Votre part des coûts" in told(of_caf)[0]
    with pytest.raises(Refusal, match="reprenez-la"):
        charge(allocation, keeping)
    with pytest.raises(IntegrityError), transaction.atomic():
        CostItem.objects.filter(allocation=allocation).update(cents=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProviderLine.objects.filter(allocation=allocation).update(share_cents=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProviderLine.objects.filter(allocation=allocation).delete()


def test_nothing_is_proposed_before_it_is_whole(keeping):
    allocation = allocation_of(keeping)
    charge(allocation, keeping)
    provider(allocation, "Poste", keeping)
    with pytest.raises(Refusal, match="Complétez"):
        proposing.propose(allocation, rule="shapley", answer_by=soon(), actor=keeping)
    provider(allocation, "Caf", keeping, square_metres=None)
    with pytest.raises(Refusal, match="Complétez"):
        proposing.propose(allocation, rule="shapley", answer_by=soon(), actor=keeping)
    with pytest.raises(Refusal, match="à venir"):
        proposing.propose(allocation, rule="shapley", answer_by=soon(-1), actor=keeping)


def test_a_change_while_the_annex_is_drawn_is_not_frozen(keeping, monkeypatch):
    allocation = whole(keeping)
    drawn = annexing.pdf

    def meanwhile(*args):
        charge(allocation, keeping)
        return drawn(*args)

    monkeypatch.setattr(annexing, "pdf", meanwhile)
    with pytest.raises(Refusal, match="changé entre-temps"):
        proposing.propose(allocation, rule="shapley", answer_by=soon(), actor=keeping)
    assert not Document.objects.exists()


def test_a_provider_answers_and_the_coordinator_settles(keeping, caf, of_caf):
    allocation = proposed(keeping, caf)
    line = allocation.providers.get(organization=caf)
    with pytest.raises(Refusal, match="ont encore le temps"):
        proposing.settle(allocation, actor=keeping)
    with pytest.raises(Refusal, match="Dites ce qui"):
        proposing.answer(line, agrees=False, reason=" ", actor=of_caf)
    for actor in (keeping, hand_of(caf, MembershipRole.MEMBER)):
        with pytest.raises(Forbidden):
            proposing.answer(line, agrees=True, reason="", actor=actor)
    proposing.answer(line, agrees=False, reason="Trop de mardis", actor=of_caf)
    assert any("objection" in title for title in told(keeping))
    proposing.answer(line, agrees=True, reason="", actor=of_caf)
    settled = proposing.settle(allocation, actor=keeping)
    assert settled.state == AllocationState.SETTLED
    assert any("est arrêtée" in title for title in told(of_caf))
    with pytest.raises(Refusal, match="n’attend pas"):
        proposing.answer(line, agrees=True, reason="", actor=of_caf)


def test_silence_past_the_date_does_not_forbid(keeping, caf, of_caf):
    allocation = proposed(keeping, caf)
    assert remind_providers(0) == 0
    with clock.frozen(clock.now() + timedelta(days=14)):
        assert remind_providers(0) == 1
        assert remind_providers(0) == 0
        assert any("Répondez avant" in title for title in told(of_caf))
    with clock.frozen(clock.now() + timedelta(days=22)):
        assert proposing.settle(allocation, actor=keeping).state == AllocationState.SETTLED


def test_taken_back_it_is_a_draft_nobody_reads(keeping, caf, of_caf):
    allocation = proposed(keeping, caf)
    annex = allocation.annex
    line = allocation.providers.get(organization=caf)
    proposing.answer(line, agrees=True, reason="", actor=of_caf)
    allocation = proposing.take_back(allocation, actor=keeping)
    line.refresh_from_db()
    assert (line.share_cents, line.answer) == (None, Answer.NONE)
    assert not annex.readers.exists()
    charge(allocation, keeping)
    with pytest.raises(Refusal, match="déjà été proposée"):
        allocations.delete(allocation, actor=keeping)
    again = proposing.propose(allocation, rule="heures_m2", answer_by=soon(), actor=keeping)
    assert (again.proposals, again.rule) == (2, "heures_m2")
    assert sum("Votre part" in title for title in told(of_caf)) == 2


def test_two_organisations_of_one_allocation_are_merged(keeping, caf):
    other = OrganizationFactory(verified=True)
    allocation = whole(keeping, caf, other)
    settle(other, caf)
    assert list(allocation.providers.filter(name=other.name).values_list("organization")) == [
        (None,)
    ]
    assert allocation.providers.get(organization=caf)


def test_a_draft_is_thrown_away(keeping):
    allocation = whole(keeping)
    allocations.delete(allocation, actor=keeping)
    assert not CostAllocation.objects.exists()


def test_the_csv_has_the_three_rules_and_the_total(keeping):
    allocation = whole(keeping)
    lines = "".join(annexing.csv(game_of(allocation))).splitlines()
    assert len(lines) == 4
    assert lines[0].endswith("Heures × m² (€);Part fixe égale (€);Shapley (€)")
    total = lines[-1].split(";")
    assert total[0] == "Total"
    assert len(set(total[-3:])) == 1
    assert CostPart.OPENING == "ouverture"


# --- Pages


def test_a_provider_reads_its_own_share_and_no_others(keeping, caf, of_caf, client):
    allocation = proposed(keeping, caf)
    mine, other = (allocation.providers.get(name=name) for name in (caf.name, "La Poste"))
    sign_in(client, of_caf.user, of_caf.membership)
    page = client.get(mine.get_absolute_url()).content.decode()
    assert f"/coffre/{allocation.annex_id}/telecharger/" in page
    pdf = client.get(f"/coffre/{allocation.annex_id}/telecharger/")
    assert pdf.status_code == 200
    assert pdf.getvalue().startswith(b"%PDF")
    assert "Shapley" in page
    assert client.get(other.get_absolute_url()).status_code == 403
    assert client.get(allocation.get_absolute_url()).status_code == 403
    kept = client.post(mine.get_absolute_url(), {"agrees": "non", "reason": ""})
    assert "Dites ce qui ne convient pas" in kept.content.decode()
    client.post(mine.get_absolute_url(), {"agrees": "oui"})
    mine.refresh_from_db()
    assert mine.answer == Answer.AGREES


def test_a_draft_is_not_shown_to_its_providers(keeping, caf, of_caf, client):
    allocation = whole(keeping, caf)
    sign_in(client, of_caf.user, of_caf.membership)
    line = allocation.providers.get(organization=caf)
    assert client.get(line.get_absolute_url()).status_code == 404


def test_the_page_says_what_is_missing_then_compares(keeping, client):
    allocation = allocation_of(keeping)
    sign_in(client, keeping.user, keeping.membership)
    url = allocation.get_absolute_url()
    assert "Ajoutez au moins une charge" in client.get(url).content.decode()
    room = {"part": "salle", "label": "Salle", "amount": "300"}
    assert "Indiquez la surface" in client.post(f"{url}charges/", room).content.decode()
    client.post(f"{url}charges/", room | {"square_metres": "40"})
    given = {"name": "Poste", "hours": "12,5", "square_metres": "15", "weekly": ["1:matin"]}
    client.post(f"{url}fournisseurs/", given)
    client.post(f"{url}fournisseurs/", given | {"name": "Caf"})
    assert allocation.providers.get(name="Poste").minutes == 750
    client.post(f"{url}fournisseurs/", given | {"name": "Cent", "hours": "412"})
    assert "412 h" in client.get(url).content.decode().replace("\u00a0", " ")
    page = client.get(url).content.decode()
    assert "12\u00a0h\u00a030" in page
    assert "12,5" not in page
    assert "Ajouter un occupant" in page
    assert not re.search("(?<!/)fournisseur", page, re.IGNORECASE)
    assert "<h1>Coûts : " in page
    assert "Personne ne paie plus que seul" in page
    assert client.get(f"{url}tableau.csv").status_code == 200
