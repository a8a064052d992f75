"""What a town's services are joined to in the demonstration: a till, a door, a démarche."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from preau.access.actions import doors
from preau.access.actions.doors import Typed
from preau.access.enums import DriverKind
from preau.accounts.actors import Actor
from preau.accounts.models import Organization, User
from preau.availability.actions.occupancies import SlotTaken
from preau.booking.actions.holds import hold
from preau.booking.actions.requests import accept, submit
from preau.booking.actions.steps import Details
from preau.connectors.actions import procedures
from preau.connectors.procedures import readymade, schema
from preau.connectors.procedures.states import Family
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period, local_instant
from preau.payments.actions import offices
from preau.payments.enums import Means, OfficeMode, PayWhen
from preau.places.enums import SpaceKind
from preau.places.models import Space
from preau.portal.demo.people import PERSONAS, People
from preau.portal.demo.shared import acting

#: As the stand-in of the service publishes it.
DEMARCHE = "detr-dsil-2027"
OFFICE = {
    "name": "Régie des salles municipales",
    "mode": OfficeMode.TEST,
    "pay_when": PayWhen.AT_BOOKING,
    "counter_means": [Means.CASH, Means.CHEQUE],
    "counter_text": "À l’accueil, du lundi au vendredi, de 9 h à 12 h.",
    "contact_name": "Denis Faure",
    "contact_email": "denis.faure@demo.example",
}
DOOR = {
    "name": "Entrée principale",
    "instructions": "La boîte à clés est à droite de la porte. Remettez-y la clé en partant.",
    "fallback": "Appelez l’accueil de la mairie : quelqu’un viendra ouvrir.",
    "fallback_phone": "0476000000",
}


def create_connected(people: People, town: Organization) -> None:
    """A hall that is paid for, with a key box at its door, and a resident who has to pay."""
    agent = acting(people.personas["agent"], town)
    halls = Space.objects.filter(place__owner=town, kind=SpaceKind.SALLE_DES_FETES, root=None)
    hall = halls.select_related("place__owner", "place__commune").order_by("pk").first()
    if hall is None:
        return
    offices.open_office(town, OFFICE, [hall.place], actor=agent)
    doors.add_door(
        actor=agent,
        place=hall.place,
        kind=DriverKind.MANUAL,
        typed=Typed(DOOR, [hall], box_code="2580"),
    )
    _awaits_payment(hall, Actor(people.personas["habitant"]), agent)


def _awaits_payment(hall: Space, resident: Actor, agent: Actor) -> None:
    """The first free evening in a month: asked, accepted, to be paid."""
    zone, today = hall.place.zone, clock.today(hall.place.zone)
    typed = Details(
        purpose="Anniversaire",
        attendance=40,
        is_public_event=False,
        contact_name="Hugo Vial",
        contact_phone="0476000000",
    )
    for ahead in range(30, 60):
        day = today + timedelta(days=ahead)
        evening = Period(local_instant(day, 18 * 60, zone), local_instant(day, 22 * 60, zone))
        with suppress(SlotTaken):
            held = hold(hall, evening, actor=resident, visitor_key=f"user:{resident.user_id}")
            accept(submit(held, typed, actor=resident), actor=agent)
            return


def publish_demarche() -> None:
    """A démarche of the stand-in, offered to communes; nothing where there is none to ask."""
    operator = Actor(User.objects.get(email=PERSONAS[-1].email))
    with suppress(Refusal):
        made = procedures.add(DEMARCHE, Family.DETR_DSIL, actor=operator)
        chosen = readymade.proposed(made.family, schema.loaded(made.champs))  # type: ignore[arg-type]
        procedures.confirm(made, chosen, seen_revision=made.revision, actor=operator)
        procedures.publish(made, actor=operator)
