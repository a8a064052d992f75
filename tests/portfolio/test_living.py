"""A booking carries its project; a project and a place show each other."""

import pytest
from django.test import Client
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.booking.forms.occupant import DetailsForm
from preau.booking.models import Booking
from preau.core import causes
from preau.places.enums import PlaceRoleKind
from preau.portfolio.living import bookings_for, projects_at
from preau.projects.causes import cause_of
from preau.projects.enums import ProjectRole, ProjectState
from tests.accounts.factories import UserFactory, sign_in
from tests.booking.factories import bookable_space, booking, evening
from tests.places.factories import PlaceRoleFactory
from tests.projects.factories import ProjectFactory, holder, member

pytestmark = pytest.mark.django_db


def held(client, space):
    period = evening(space)
    asked = {"debut": period.start.isoformat(), "fin": period.end.isoformat()}
    client.post(reverse("booking:start", args=[space.pk]), asked)
    return Booking.objects.get(space=space)


def test_the_project_is_carried_from_its_page_to_the_form():
    mayor, space = holder(), bookable_space()
    project = ProjectFactory(holder_organization=mayor.organization)
    client = sign_in(Client(), mayor.user, mayor.membership)
    client.get(reverse("find:search"), {"projet": str(project.key)})
    one = held(client, space)
    form = client.get(reverse("booking:details", args=[one.reference])).context["form"]
    assert form.initial["cause"] == cause_of(project)
    assert (cause_of(project), project.name) in form.fields["cause"].choices


def test_nobody_books_for_a_project_that_is_not_theirs():
    project = ProjectFactory()
    for stranger in (Actor(user=UserFactory()), member(project, ProjectRole.OBSERVER)):
        assert causes.offered(stranger, {cause_of(project)}) == []
    assert [one.key for one in causes.offered(member(project), set())] == [cause_of(project)]


def test_an_ended_project_is_offered_no_more():
    mayor = holder()
    ProjectFactory(holder_organization=mayor.organization, state=ProjectState.CLOSED)
    assert causes.offered(mayor, set()) == []


def test_a_forged_cause_is_refused():
    mayor, space = holder(), bookable_space()
    ProjectFactory(holder_organization=mayor.organization)
    one = booking(space, actor=mayor)
    data = {"cause": cause_of(ProjectFactory()), "purpose": "Atelier", "attendance": "3"}
    form = DetailsForm(data, booking=one, actor=mayor)
    assert "cause" in form.errors


def test_project_place_and_booking_show_each_other():
    mayor, space = holder(), bookable_space()
    project = ProjectFactory(holder_organization=mayor.organization)
    one = booking(space, actor=mayor)
    Booking.objects.filter(pk=one.pk).update(cause=cause_of(project))
    assert [found.pk for found in bookings_for(project)] == [one.pk]
    [guest] = projects_at(space.place, mayor)
    assert (guest.name, guest.bookings) == (project.name, 1)
    assert guest.href.endswith(f"{project.key}/")
    manager = UserFactory()
    PlaceRoleFactory(place=space.place, user=manager, role=PlaceRoleKind.OPERATOR)
    [guest] = projects_at(space.place, Actor(user=manager))
    assert (guest.name, guest.href) == (project.name, "")
    page = sign_in(Client(), manager, None).get(reverse("booking:page", args=[one.reference]))
    assert project.name in page.content.decode()
