"""A form sent twice, by a second press or a page gone back to, makes one thing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from preau.core import clock
from preau.economics.models import CostAllocation, CostItem, EconomicModel, NegotiationRound
from tests.accounts.factories import sign_in
from tests.economics.factories import allocation_of
from tests.projects.factories import ProjectFactory

pytestmark = pytest.mark.django_db


def twice(actor, url, given):
    """The same page, sent twice: its token is masked once."""
    client = sign_in(Client(), actor.user, actor.membership)
    client.get(url)
    token = client.cookies["csrftoken"].value
    first, second = (client.post(url, given | {"csrfmiddlewaretoken": token}) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]


def in_days(days):
    return f"{clock.today() + timedelta(days=days):%d/%m/%Y}"


def test_a_sharing_is_opened_once(keeping):
    given = {"place": "autre", "place_name": "La Fabrique"}
    given |= {"first_day": in_days(0), "last_day": in_days(60)}
    twice(keeping, reverse("economics:create_allocation"), given)
    assert CostAllocation.objects.count() == 1


def test_a_charge_is_added_once(keeping):
    allocation = allocation_of(keeping)
    given = {"part": "ouverture", "label": "Loyer", "amount": "300"}
    twice(keeping, reverse("economics:add_item", args=[allocation.key]), given)
    assert CostItem.objects.count() == 1


def test_a_negotiation_is_opened_once(keeping):
    given = {"place": "autre", "place_name": "La Fabrique", "target": "2300", "message": "Venez"}
    twice(keeping, reverse("economics:create_round"), given | {"deadline": in_days(30)})
    assert NegotiationRound.objects.count() == 1


def test_a_model_and_its_lines_are_made_once(keeping):
    project = ProjectFactory(holder_organization=keeping.organization, state="qualifie")
    url = reverse("economics:create_model", args=[project.key])
    twice(keeping, url, {"name": "Atelier", "start": "1000"})
    model = EconomicModel.objects.get()
    given = {"kind": "machines", "label": "Laser", "low": "10", "likely": "20", "high": "30"}
    given |= {"start": "1", "ramp": "1", "volume_low": "5", "volume_likely": "6"}
    url = reverse("economics:add_line", args=[model.key]) + "?nature=recette"
    twice(keeping, url, given | {"volume_high": "7"})
    model.refresh_from_db()
    assert len(model.lines) == 1
    twice(keeping, reverse("economics:compute", args=[model.key]), {"seed": "1"})
    assert model.versions.count() == 1
