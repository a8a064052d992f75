"""Loading the demonstration, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from random import Random

from django.db import transaction
from procrastinate.contrib.django import app

from preau.accounts.models import User
from preau.core import clock
from preau.places.models import Place, Space
from preau.portal.demo import SEED
from preau.portal.demo.bookings import invent, write
from preau.portal.demo.compost import tell_compost
from preau.portal.demo.connected import create_connected
from preau.portal.demo.initiatives import create_initiatives
from preau.portal.demo.people import PERSONAS, People, create_people
from preau.portal.demo.pictures import picture
from preau.portal.demo.places import Made, create_places
from preau.portal.demo.planning import create_planning
from preau.portal.demo.prices import write_prices
from preau.portal.demo.projects import create_projects, world
from preau.portal.demo.rules import write_rules
from preau.portal.demo.shared import create_shared
from preau.portal.demo.state import create_state
from preau.projects import programmes
from preau.projects.models import Project
from preau.resources.loading import load_delivered
from preau.territories import crte
from preau.territories.models import Commune

DEPARTEMENT = "38"
BOOKINGS = 5000
#: How many times busier the first commune's halls are than the others'.
LIVELY = 6
#: Longer than the oldest request.
OPEN_FOR = timedelta(days=460)
FIGURES = "stats.write_missing"
OPEN_DATA = "directory.export_open_data"
#: Dashboards, impact and public figures of projects: the worker counts what was just told.
AFTER_PROJECTS = ("portfolio.count_projects", "portfolio.figures", "stats.write_projects")
Report = Callable[[str, int, int], None]


def is_loaded() -> bool:
    return User.objects.filter(email=PERSONAS[0].email).exists()


@transaction.atomic
def load(report: Report, bookings: int = BOOKINGS) -> None:
    """Invent everything in one transaction: it is all there, or nothing is.

    Raises:
        LookupError: the territories are not loaded.
    """
    communes = demo_communes()
    picture.cache_clear()  # drawn for another database
    rng = Random(SEED)  # noqa: S311  an invention, not a secret
    people = create_people(rng, communes)
    made = []
    for place in create_places(rng, people, communes):
        made.append(place)
        report("lieux", len(made), 0)
    write_rules(people, [one.place for one in made])
    write_prices(people, [one.place for one in made])
    _write_bookings(rng, people, made, bookings, report)
    _age([one.place for one in made])
    compost = _write_projects(rng, people, communes)
    create_shared(rng, people, communes, [one.place for one in made])
    create_initiatives(people, communes, compost)
    create_planning(people, compost)
    create_connected(people, people.towns[communes[0].code])
    # By name, and by the worker: these files and figures are nobody's wait.
    for name in (FIGURES, OPEN_DATA):
        app.configure_task(name).defer(timestamp=0)


def _write_projects(rng: Random, people: People, communes: list[Commune]) -> Project:
    """What projects need first: the library, the programmes, the CRTE of the demonstration.

    Returns:
        The neighbourhood that composts: other rooms go on with it.
    """
    load_delivered()
    programmes.load()
    lines = crte.read_perimeters(crte.DEMONSTRATION.read_bytes())
    crte.import_perimeters(lines, on=(clock.now() - OPEN_FOR).date())
    state = create_state(rng, people, communes)
    told = world(rng, people, state, communes)
    create_projects(told)
    compost = tell_compost(told)
    for name in AFTER_PROJECTS:
        app.configure_task(name).defer(timestamp=0)
    return compost


def _age(places: list[Place]) -> None:
    """Open before the first bookings: the public figures count what was there."""
    opened = clock.now() - OPEN_FOR
    Place.objects.filter(pk__in=[one.pk for one in places]).update(created_at=opened)
    Space.objects.filter(place__in=places).update(created_at=opened)


def demo_communes() -> list[Commune]:
    """The fifty most populated communes of Isère, then every eighth of the others."""
    everywhere = list(
        Commune.objects.filter(departement_id=DEPARTEMENT, active=True)
        .select_related("departement", "epci")
        .order_by("-population", "code")
    )
    if len(everywhere) < 60:
        raise LookupError("Load the territories first: manage.py load_territories")
    return everywhere[:50] + everywhere[50::8]


def _write_bookings(
    rng: Random, people: People, places: list[Made], wanted: int, report: Report
) -> None:
    grenoble = places[0].place.commune
    halls = [(made, root, made.place.commune == grenoble) for made in places for root in made.roots]
    left = sum(LIVELY if lively else 1 for _, _, lively in halls)
    numbers, written = count(1), 0
    for made, root, lively in halls:
        weight = LIVELY if lively else 1
        share = -(-(wanted - written) * weight // left)
        left -= weight
        for space, wishes in invent(rng, people, made, root, share, lively=lively):
            written += write(space, wishes, numbers, rng)
        report("réservations", written, wanted)
