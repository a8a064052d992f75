"""A rhythm from the search to its dates, seen by a browser, with and without script."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.availability import opening_index
from preau.availability.index import index_space
from preau.booking.actions.requests import accept
from preau.booking.models import Booking
from tests.availability.factories import open_space
from tests.booking.factories import people
from tests.booking.test_series import reloaded
from tests.booking.test_series_plan import first_day, take
from tests.places.factories import SpaceFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def them(monkeypatch):
    monkeypatch.setattr(opening_index, "HORIZON", timedelta(days=200))
    them = people()
    other = SpaceFactory(place=them.space.place, name="Salle des associations")
    open_space(other)
    them.space = reloaded(them.space)
    take(them.space, first_day(them.space) + timedelta(weeks=2))
    for one in (them.space, reloaded(other)):
        index_space(one)
    return them


@pytest.mark.parametrize("javascript", [True, False])
def test_every_tuesday_with_one_conflict_solved(open_visitor, them, javascript):
    person = open_visitor(javascript=javascript)
    person.sign_in(them.occupant.user)
    day = first_day(them.space)
    asked = {
        "ou": them.space.place.commune.name,
        "jour": "mardi",
        "premier": day.isoformat(),
        "jusquau": (day + timedelta(weeks=9)).isoformat(),
        "de": "18:00",
        "a": "20:00",
    }
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    person.go(reverse("find:series"))
    person.assert_accessible()
    person.go(f"{reverse('find:series')}?{query}")
    person.assert_accessible()
    name = f"Voir les dates : {them.space.name}, {them.space.place.name}"
    person.press(name, role="link")
    person.assert_accessible()
    solved = person.page.get_by_label("Salle des associations, à la même heure")
    solved.check(force=True)
    person.press("Retenir ces dates et continuer")
    person.assert_accessible()
    person.fill("Objet", "Répétition de la chorale")
    person.fill("Nombre de personnes attendues", "12")
    person.fill("Son téléphone", "04 76 00 00 00")
    person.press("Continuer")
    person.assert_accessible()
    person.page.get_by_label("J’ai lu le règlement").check(force=True)
    person.press("Envoyer la demande")
    booking = Booking.objects.get()
    assert booking.dates.count() == 10
    accept(booking, actor=them.manager)
    person.go(reverse("booking:page", args=[booking.reference]))
    person.assert_accessible()
    dates = list(booking.dates.all())
    person.go(reverse("booking:date_cancel", args=[dates[1].pk]))
    person.assert_accessible()
    person.press("Annuler ces dates")
    manager = open_visitor(javascript=javascript)
    manager.sign_in(them.manager.user, them.manager.membership)
    for name in ("date_move", "dates_hours"):
        manager.go(reverse(f"booking:{name}", args=[dates[3].pk]))
        manager.assert_accessible()
    manager.go(reverse("booking:dates_hours", args=[dates[3].pk]) + "?de=17:00&a=19:00")
    manager.assert_accessible()
    until = (day + timedelta(weeks=12)).isoformat()
    manager.go(reverse("booking:dates_add_as_manager", args=[booking.reference]))
    manager.assert_accessible()
    manager.go(
        f"{reverse('booking:dates_add_as_manager', args=[booking.reference])}?jusquau={until}"
    )
    manager.assert_accessible()
    manager.press("Ajouter ces dates")
    assert booking.dates.count() > 10
    person.check()
    manager.check()
