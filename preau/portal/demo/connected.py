"""What a town's services are joined to in the demonstration: a till, a door, a démarche."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.conf import settings

from preau.access.actions import doors
from preau.access.actions.doors import Typed
from preau.access.enums import DriverKind
from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.models import Organization, User
from preau.availability.actions.occupancies import SlotTaken
from preau.booking.actions.holds import hold
from preau.booking.actions.requests import accept, submit
from preau.booking.actions.steps import Details
from preau.calendars.actions import following
from preau.connectors.actions import procedures
from preau.connectors.procedures import readymade, schema
from preau.connectors.procedures.states import Family
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period, local_instant
from preau.payments.actions import offices
from preau.payments.enums import Means, OfficeMode, PayWhen, Saisie
from preau.places.enums import SpaceKind
from preau.places.models import Space
from preau.portal.demo.doors import create_doors, is_stand_in
from preau.portal.demo.people import PERSONAS, People
from preau.portal.demo.shared import acting
from preau.resources import mirror

#: As the stand-in of the service publishes it.
DEMARCHE = "detr-dsil-2027"
#: Of the employer of those that the stand-in of ProConnect knows.
SIRET = "21380185500015"
OFFICE = {
    "name": "Régie des salles municipales",
    "mode": OfficeMode.TEST,
    "pay_when": PayWhen.AT_BOOKING,
    "counter_means": [Means.CASH, Means.CHEQUE],
    "counter_text": "À l’accueil, du lundi au vendredi, de 9 h à 12 h.",
    "contact_name": "Denis Faure",
    "contact_email": "denis.faure@demo.example",
}
#: Its client number is of the stand-in, which takes any.
PAYFIP_OFFICE = {
    "name": "Régie des auditoriums",
    "mode": OfficeMode.REGIE,
    "pay_when": PayWhen.AT_BOOKING,
    "numcli": "380001",
    "saisie": Saisie.TEST,
    "counter_means": [Means.CHEQUE],
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
    """Halls that are paid for, doors, a followed calendar; who has to pay, who is expected soon."""
    agent = acting(people.personas["agent"], town)
    president = acting(people.personas["presidente"], people.associations[0])
    Organization.objects.filter(pk=town.pk).update(siren=SIRET[:9], siret=SIRET)
    create_doors(town, agent, people.personas["gardien"], president)
    _follow_calendar(town, agent)
    _paid_by_payfip(people)
    hall = _first(town, SpaceKind.SALLE_DES_FETES)
    if hall is None:
        return
    offices.open_office(town, OFFICE, [hall.place], actor=agent)
    doors.add_door(
        actor=agent,
        place=hall.place,
        kind=DriverKind.MANUAL,
        typed=Typed(DOOR, [hall], box_code="2580"),
    )
    _awaits_payment(hall, Actor(people.personas["habitant"]), agent, "Anniversaire")


def read_aids() -> None:
    """What the stand-in knows, without waiting for the night; the true service is left alone."""
    if is_stand_in(settings.AIDES_TERRITOIRES["url"]):
        with suppress(Refusal):
            mirror.ask(actor=_operator())


def _operator() -> Actor:
    return Actor(User.objects.get(email=PERSONAS[-1].email))


def _first(owner: Organization, kind: SpaceKind) -> Space | None:
    found = Space.objects.filter(place__owner=owner, kind=kind, root=None)
    return found.select_related("place__owner", "place__commune").order_by("pk").first()


def _paid_by_payfip(people: People) -> None:
    """A company that has to pay the metropolis, on the stand-in of PayFiP."""
    hall = _first(people.metropole, SpaceKind.AUDITORIUM)
    if hall is None or not is_stand_in(settings.PAYFIP_URL):
        return
    agent = acting(people.personas["agent"], people.metropole)
    offices.open_office(people.metropole, PAYFIP_OFFICE, [hall.place], actor=SYSTEM)
    manager = acting(people.personas["entreprise"], people.company)
    _awaits_payment(hall, manager, agent, "Rencontre de clients")


def _follow_calendar(town: Organization, agent: Actor) -> None:
    """A company of actors keeps its own diary: its rehearsals take time in a room."""
    room = _first(town, SpaceKind.SALLE_REUNION)
    if room is not None and is_stand_in(settings.DEMO_CALENDARS_URL):
        address = f"{settings.DEMO_CALENDARS_URL}/theatre.ics"
        following.follow(room, "Atelier théâtre (démonstration)", address, actor=agent)


def _awaits_payment(hall: Space, tenant: Actor, agent: Actor, purpose: str) -> None:
    """The first free evening in a month: asked, accepted, to be paid."""
    zone, today = hall.place.zone, clock.today(hall.place.zone)
    user = tenant.user
    typed = Details(
        purpose=purpose,
        attendance=40,
        is_public_event=False,
        contact_name=user.full_name if user else "",
        contact_phone="0476000000",
    )
    for ahead in range(30, 60):
        day = today + timedelta(days=ahead)
        evening = Period(local_instant(day, 18 * 60, zone), local_instant(day, 22 * 60, zone))
        with suppress(SlotTaken):
            held = hold(hall, evening, actor=tenant, visitor_key=f"user:{tenant.user_id}")
            accept(submit(held, typed, actor=tenant), actor=agent)
            return


def publish_demarche() -> None:
    """A démarche of the stand-in, offered to communes; nothing where there is none to ask."""
    operator = _operator()
    with suppress(Refusal):
        made = procedures.add(DEMARCHE, Family.DETR_DSIL, actor=operator)
        chosen = readymade.proposed(made.family, schema.loaded(made.champs))  # type: ignore[arg-type]
        procedures.confirm(made, chosen, seen_revision=made.revision, actor=operator)
        procedures.publish(made, actor=operator)
