"""Agreements: gates, numbers, the frozen text, the file, amendments, the end."""

import io
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from preau.accounts.actors import SYSTEM
from preau.accounts.enums import OrganizationKind
from preau.agreements import gates, queries
from preau.agreements.actions import authorities, cancel_agreement, drawing
from preau.agreements.drafting import sample
from preau.agreements.drafting.facts import Insurance
from preau.agreements.drafting.tables import table
from preau.agreements.enums import AgreementState, AuthorityRole, ClauseTable, LegalCase
from preau.agreements.events import agreement_changed
from preau.agreements.models import Agreement, AgreementCounter
from preau.agreements.signing_enums import RoundState, SignatoryRole
from preau.core import clock
from preau.core.errors import Refusal
from preau.documents import store
from preau.places.enums import PlaceKind, UserCategory
from tests.agreements.factories import (
    agreement_of,
    head_of,
    mayor_of,
    national_version,
    occupancies,
    opinion_of,
    ready,
)
from tests.places.factories import PlaceFactory, SpaceFactory

pytestmark = pytest.mark.usefixtures("library")


def signed(agreement):
    drawing.render_agreement(agreement.pk)
    Agreement.objects.filter(pk=agreement.pk).update(
        state=AgreementState.SIGNED, signed_at=clock.now()
    )
    agreement.rounds.update(state=RoundState.CANCELLED, closed_at=clock.now())
    agreement.refresh_from_db()
    return agreement


def codes(case, **given):
    facts = replace(sample.facts(case), **given)
    return [one.code for one in gates.missing(national_version(case), facts)]


# --- Gates


@pytest.mark.parametrize("case", LegalCase)
def test_nothing_is_missing_when_everything_is_there(case):
    assert codes(case) == []


def test_the_owner_must_have_said_who_signs():
    owner = sample.facts(LegalCase.PRIVATE).owner
    assert codes(LegalCase.PRIVATE, owner=replace(owner, representative=None)) == [
        "owner_signatory"
    ]


def test_a_delegation_must_run_until_the_last_day_of_signing():
    facts = sample.facts(LegalCase.COLLEGE)
    for days, found in ((-1, ["owner_delegation"]), (0, [])):
        until = facts.signing_by + timedelta(days=days)
        who = replace(facts.owner.representative, valid_until=until)
        assert codes(LegalCase.COLLEGE, owner=replace(facts.owner, representative=who)) == found


def test_a_school_needs_its_head_and_its_board():
    school = sample.facts(LegalCase.COLLEGE).school
    assert codes(LegalCase.COLLEGE, school=replace(school, head=None)) == ["head_of_school"]
    assert codes(LegalCase.COLLEGE, school=replace(school, opinion_on=None)) == ["board_opinion"]
    against = replace(school, opinion_favorable=False)
    assert codes(LegalCase.COLLEGE, school=against) == ["board_opinion_against"]
    short = replace(school, opinion_until=sample.facts(LegalCase.COLLEGE).first_day)
    assert codes(LegalCase.COLLEGE, school=short) == ["board_opinion"]


def test_an_exploitation_goes_through_competition():
    case = LegalCase.PUBLIC_DOMAIN
    facts = replace(sample.facts(case), is_economic=True)
    found = gates.missing(national_version(case), facts)
    assert [one.code for one in found] == ["economic_use"]
    assert "L. 2122-1-1" in found[0].sentence
    assert found[0].blocks
    assert codes(case, is_economic=True, competition="avis publié le 3 mars 2027") == []
    assert codes(LegalCase.PRIVATE, is_economic=True) == []


def test_insurance_covers_every_date():
    facts = sample.facts(LegalCase.LYCEE)
    until = facts.insurance[0].valid_until
    middle = facts.first_day + timedelta(days=100)
    following = Insurance(valid_from=middle + timedelta(days=1), valid_until=until)
    assert codes(LegalCase.LYCEE, insurance=()) == ["insurance"]
    assert codes(LegalCase.LYCEE, insurance=(Insurance(valid_until=middle),)) == ["insurance_dates"]
    assert codes(LegalCase.LYCEE, insurance=(Insurance(valid_until=middle), following)) == []


def test_an_association_makes_its_commitments():
    case = LegalCase.COMMUNE_ASSOCIATION
    assert codes(case, engages_republican_values=False) == ["republican_commitment"]
    assert codes(case, engages_republican_values=False, category=UserCategory.COMPANY) == []


def test_nothing_is_drawn_up_while_something_is_missing(space, holder):
    ready(space.place, holder)
    with pytest.raises(Refusal) as refused:
        agreement_of(space.place, holder, space=space, insurance=())
    assert refused.value.code == "insurance"
    assert not AgreementCounter.objects.exists()


# --- Drawing up


def test_an_agreement_freezes_what_it_says(space, holder, town):
    agreement = agreement_of(space.place, holder, space=space)
    year = clock.today(space.place.zone).year
    assert agreement.number == f"{year}-{town.pk}-0001"
    assert agreement.state == AgreementState.DRAWING
    assert agreement.variables["occupant.nom"] == "Les Pas dansants"
    assert agreement.variables["proprietaire.qualite"] == "maire"
    keys = {one["key"] for one in agreement.content["articles"]}
    assert {"prix", "engagement_republicain"} <= keys
    assert not {"gratuite", "caution"} & keys
    assert agreement.occupancies.count() == 3
    assert [one.role for one in agreement.rounds.get().signatories.all()] == [
        SignatoryRole.OCCUPANT,
        SignatoryRole.OWNER,
    ]


def test_three_sign_in_a_college(town, holder):
    town.kind = OrganizationKind.DEPARTEMENT
    town.save()
    place = PlaceFactory(owner=town, kind=PlaceKind.ETABLISSEMENT_SCOLAIRE, name="Collège Veil")
    agreement = agreement_of(place, holder, case=LegalCase.COLLEGE)
    assert [one.name for one in agreement.rounds.get().signatories.all()] == [
        "Ayoub Lefèvre",
        "Claire Fontaine",
        "Hélène Morel",
    ]
    assert agreement.variables["etablissement.avis_date"] != "non précisé"
    assert len(agreement.content["parties"]) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"number": "2000-1-1"},
        {"variables": {}},
        {"content": {}},
        {"total_cents": 1},
        {"version_id": None},
    ],
)
def test_the_database_keeps_what_an_agreement_says(space, holder, change):
    agreement = agreement_of(space.place, holder, space=space)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(**change)


def test_a_refused_agreement_leaves_no_gap(space, holder):
    first = agreement_of(space.place, holder, space=space)
    with pytest.raises(Refusal):
        agreement_of(
            space.place, holder, space=space, insurance=(), taken=list(first.occupancies.all())
        )
    second = agreement_of(space.place, holder, space=space, taken=list(first.occupancies.all()))
    assert (first.sequence, second.sequence) == (1, 2)


def test_each_owner_has_its_own_numbers(space, holder):
    agreement_of(space.place, holder, space=space)
    elsewhere = SpaceFactory()
    assert agreement_of(elsewhere.place, holder, space=elsewhere).sequence == 1


def test_a_price_typed_with_braces_stays_text(space, holder):
    agreement = agreement_of(space.place, holder, space=space, purpose="Fête {prix.total}")
    objet = next(one for one in agreement.content["articles"] if one["key"] == "objet")
    assert "{prix.total}" in objet["text"]


# --- Rendering


def test_the_worker_renders_once_and_opens_the_round(space, holder):
    agreement = agreement_of(space.place, holder, space=space)
    jobs = ProcrastinateJob.objects.filter(task_name="agreements.render")
    assert jobs.filter(args={"agreement_id": agreement.pk}).count() == 1
    heard = []
    agreement_changed.connect(lambda **said: heard.append(said["agreement"].state), weak=False)
    assert drawing.render_agreement(agreement.pk)
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.SIGNING
    assert agreement.document.owner_organization_id == space.place.owner_id
    keys = set(agreement.document.readers.values_list("key", flat=True))
    assert keys == {f"place:{space.place_id}", f"organization:{holder.pk}"}
    assert agreement.rounds.get().state == RoundState.OPEN
    assert not drawing.render_agreement(agreement.pk)
    assert AgreementState.SIGNING in heard
    # The fields are there and empty; each signatory's is drawn where their zone is.
    with pikepdf.open(io.BytesIO(store.read(agreement.document.file))) as pdf:
        names = {str(field.T) for field in pdf.Root.AcroForm.Fields}
    assert {"signataire-1", "signataire-2"} <= names


def test_a_cancelled_agreement_is_not_rendered(space, holder):
    agreement = agreement_of(space.place, holder, space=space)
    cancel_agreement(agreement, "La salle est en travaux.", actor=SYSTEM)
    assert not drawing.render_agreement(agreement.pk)
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.CANCELLED
    assert agreement.rounds.get().state == RoundState.CANCELLED


def test_the_end_needs_a_reason(space, holder):
    agreement = agreement_of(space.place, holder, space=space)
    with pytest.raises(Refusal) as refused:
        cancel_agreement(agreement, " ", actor=SYSTEM)
    assert refused.value.code == "reason_needed"
    cancel_agreement(agreement, "Travaux.", actor=SYSTEM)
    with pytest.raises(Refusal) as refused:
        cancel_agreement(agreement, "Travaux.", actor=SYSTEM)
    assert refused.value.code == "over"


# --- Amendments


def test_an_amendment_says_only_what_changes(space, holder):
    first = signed(agreement_of(space.place, holder, space=space))
    taken = [*first.occupancies.all(), *occupancies(space, 1, first=60)]
    amendment = agreement_of(
        space.place,
        holder,
        space=space,
        amends=first,
        reason="Une date de plus.",
        taken=taken,
        total_cents=4000,
    )
    assert amendment.number == f"{first.number}-A1"
    assert amendment.amends == first
    assert amendment.version == first.version
    keys = {one["key"] for one in amendment.content["articles"]}
    assert "prix" in keys
    assert not {"assurance", "neutralite", "utilisation"} & keys
    assert "annexe_dates" in {one["key"] for one in amendment.content["annexes"]}
    assert amendment.content["amendment"]["difference"].startswith("+10,00")
    number = next(one["number"] for one in amendment.content["articles"] if one["key"] == "prix")
    whole = [one["key"] for one in first.content["articles"]]
    assert whole[number - 1] == "prix"
    assert drawing.render_agreement(amendment.pk)


def test_the_second_amendment_starts_from_the_first(space, holder):
    first = signed(agreement_of(space.place, holder, space=space))
    taken = list(first.occupancies.all())
    once = agreement_of(
        space.place, holder, space=space, amends=first, taken=taken, total_cents=4000
    )
    with pytest.raises(Refusal) as refused:
        agreement_of(space.place, holder, space=space, amends=first, taken=taken, total_cents=5000)
    assert refused.value.code == "amendment_pending"
    signed(once)
    twice = agreement_of(
        space.place, holder, space=space, amends=once, taken=taken, total_cents=3500
    )
    assert twice.number == f"{first.number}-A2"
    assert twice.content["amendment"]["before"].startswith("40,00")
    assert queries.all_that_amend(twice) == [first, once, twice]


def test_nothing_changes_nothing_is_amended(space, holder):
    first = signed(agreement_of(space.place, holder, space=space))
    with pytest.raises(Refusal) as refused:
        agreement_of(
            space.place, holder, space=space, amends=first, taken=list(first.occupancies.all())
        )
    assert refused.value.code == "nothing_changes"


def test_only_a_signed_agreement_is_amended(space, holder):
    first = agreement_of(space.place, holder, space=space)
    with pytest.raises(Refusal) as refused:
        agreement_of(
            space.place, holder, space=space, amends=first, taken=list(first.occupancies.all())
        )
    assert refused.value.code == "not_signed"


# --- Who signs


def test_the_signatory_of_a_place_comes_before_that_of_the_organisation(place, town):
    general = mayor_of(town)
    assert queries.authority_for(place, AuthorityRole.OWNER) == general
    who = replace(sample.facts(LegalCase.PRIVATE).owner.representative, email="adjoint@example.org")
    own = authorities.appoint(town, who, role=AuthorityRole.OWNER, place=place, actor=SYSTEM)
    assert queries.authority_for(place, AuthorityRole.OWNER) == own
    authorities.dismiss(own, actor=SYSTEM)
    assert queries.authority_for(place, AuthorityRole.OWNER) == general


def test_whoever_is_appointed_replaces_the_one_before(town):
    mayor_of(town)
    second = mayor_of(town)
    assert list(queries.authorities_of(town.pk)) == [second]


def test_a_head_of_school_signs_for_a_place(town):
    who = sample.facts(LegalCase.COLLEGE).school.head
    with pytest.raises(Refusal) as refused:
        authorities.appoint(town, who, role=AuthorityRole.HEAD_OF_SCHOOL, actor=SYSTEM)
    assert refused.value.code == "place_needed"


def test_an_opinion_is_not_of_the_future(place):
    head_of(place)
    with pytest.raises(Refusal) as refused:
        opinion_of(place, given_on=clock.today(place.zone) + timedelta(days=1))
    assert refused.value.field == "given_on"


# --- Tables


def test_forty_tuesdays_fit_in_ten_lines():
    facts = sample.facts(LegalCase.COLLEGE)
    assert len(facts.periods) == 40
    rows = table(ClauseTable.DATES, facts)["rows"]
    assert len(rows) == 10
    assert rows[0] == ["septembre 2027", "mardi 7, 14, 21 et 28", "18\u00a0h\u00a0–\u00a020\u00a0h"]


def test_a_week_end_is_said_with_both_ends():
    facts = sample.facts(LegalCase.COLLEGE)
    start, _ = facts.periods[0]
    facts = replace(facts, periods=((start, start + timedelta(days=2)),))
    row = table(ClauseTable.DATES, facts)["rows"][0]
    assert row[0] == "du 7 au 9\u00a0septembre 2027"
    assert row[1].startswith("du mardi")


def test_local_hours_hold_across_the_change_of_clocks():
    rows = table(ClauseTable.DATES, sample.facts(LegalCase.COLLEGE))["rows"]
    assert {row[2] for row in rows} == {"18\u00a0h\u00a0–\u00a020\u00a0h"}


def test_dates_in_another_room_say_which():
    facts = sample.facts(LegalCase.COLLEGE)
    rooms = ["Salle de musique"] * len(facts.periods)
    rooms[2] = "Salle d’arts"
    facts = replace(facts, rooms=tuple(rooms))
    long = table(ClauseTable.DATES, facts)
    assert long["headers"][-1] == "Espace"
    assert ["mardi 21", "Salle d’arts"] in [[row[1], row[3]] for row in long["rows"]]
    facts = replace(facts, periods=facts.periods[:3], rooms=facts.rooms[:3])
    assert [row[-1] for row in table(ClauseTable.DATES, facts)["rows"]] == rooms[:3]
