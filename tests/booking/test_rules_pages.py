"""A clerk writes rules once, applies them to many places, and lends their accord while away."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.booking.models import BookingRules, Delegation
from preau.booking.rules import rules_for, steps_for
from preau.core import clock
from preau.documents.enums import ADDED_BY_PEOPLE
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.booking.factories import bookable_space

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    space = bookable_space()
    membership = MembershipFactory(organization=space.place.owner, role=MembershipRole.MANAGER)
    sign_in(client, membership.user, membership)
    client.space, client.user = space, membership.user
    return client


def typed(**fields):
    asked = {f"when_{kind}": "non" for kind in ADDED_BY_PEOPLE}
    asked |= {f"whom_{kind}": "tous" for kind in ADDED_BY_PEOPLE}
    return (
        {
            "name": "Collèges",
            "completion_days": 14,
            "has_waiting_list": "on",
            "offer_hours": 24,
            "step_1": "chef_etablissement",
            "hours_1": 72,
            "step_2": "proprietaire",
            "label_2": "Direction de l’éducation",
            "when_assurance": "demande",
            "whom_assurance": "structures",
        }
        | {
            key: value
            for key, value in asked.items()
            if key not in {"when_assurance", "whom_assurance"}
        }
        | fields
    )


def test_rules_are_written_then_applied_after_a_look(desk):
    owner = desk.space.place.owner_id
    answer = desk.post(reverse("booking:rules_create", args=[owner]), typed())
    rules = BookingRules.objects.get()
    assert answer.url == reverse("booking:rules_assign", args=[rules.pk])
    look = desk.post(answer.url, {"places": [desk.space.place_id]})
    assert "aucun modèle" in look.content.decode()
    assert rules_for(desk.space) is None
    desk.post(answer.url, {"places": [desk.space.place_id], "confirmer": "1"})
    assert rules_for(desk.space) == rules
    assert [step.label for step in steps_for(desk.space, rules)] == [
        "Chef d’établissement",
        "Direction de l’éducation",
    ]
    piece = rules.documents.get()
    assert piece.with_request and "particulier" not in piece.categories


def test_two_models_of_one_name_are_refused_and_nothing_is_lost(desk):
    url = reverse("booking:rules_create", args=[desk.space.place.owner_id])
    desk.post(url, typed())
    again = desk.post(url, typed(completion_days=21)).content.decode()
    assert "porte déjà ce nom" in again and 'value="21"' in again


def test_rules_in_use_are_not_archived(desk):
    desk.post(reverse("booking:rules_create", args=[desk.space.place.owner_id]), typed())
    rules = BookingRules.objects.get()
    assign = reverse("booking:rules_assign", args=[rules.pk])
    desk.post(assign, {"spaces": [desk.space.pk], "confirmer": "1"})
    desk.post(reverse("booking:rules_archive", args=[rules.pk]))
    rules.refresh_from_db()
    assert not rules.is_archived
    desk.post(assign, {"confirmer": "1"})
    desk.post(reverse("booking:rules_archive", args=[rules.pk]))
    rules.refresh_from_db()
    assert rules.is_archived


def test_another_owner_s_place_is_not_offered(desk):
    desk.post(reverse("booking:rules_create", args=[desk.space.place.owner_id]), typed())
    other = bookable_space()
    assign = reverse("booking:rules_assign", args=[BookingRules.objects.get().pk])
    desk.post(assign, {"spaces": [other.pk], "confirmer": "1"})
    assert rules_for(other) is None


def test_an_absent_manager_lends_their_accord(desk):
    deputy, today = UserFactory(), clock.today(desk.space.place.zone)
    url = reverse("booking:delegations", args=[desk.space.place_id])
    until = today + timedelta(days=7)
    desk.post(url, {"email": deputy.email, "since": today, "until": until})
    delegation = Delegation.objects.get()
    assert (delegation.giver, delegation.receiver) == (desk.user, deputy)
    assert "déjà un compte" in desk.get(url).content.decode()
    unknown = desk.post(url, {"email": "x@exemple.fr", "since": today, "until": until})
    assert "Personne n’a de compte" in unknown.content.decode()
    desk.post(reverse("booking:delegation_revoke", args=[delegation.pk]))
    delegation.refresh_from_db()
    assert delegation.revoked_at
