"""Does the library answer needs as somebody of the field would?

`cases.json` was written by hand against the records delivered with Préau: for each need, what must
be proposed, what may be, what must not. Whatever is not named is of no help. The figures are in
docs/operations/measures.md; `pytest -s tests/projects/matching` prints every miss and false alarm.
"""

import json
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from preau.accounts.enums import OrganizationKind
from preau.core import clock
from preau.projects.suggestions.engine import suggest
from preau.resources.loading import load_delivered
from preau.resources.loading.delivered import delivered
from preau.resources.models import Resource
from preau.territories.models import Departement, Epci, Region
from tests.accounts.factories import OrganizationFactory
from tests.projects.factories import ProjectFactory, blockage
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))
#: What answers nearly any lack of engineering, as « @ingenierie » in the cases.
GENERAL = {
    "guichet-ingenierie",
    "anct-sur-mesure",
    "vta",
    "bdt-question",
    "aides-territoires",
    "villages-avenir",
    "ddt-38",
}
#: Where the needs are: Isère in its metropolis and far from it, the same région, another one.
PLACES = {
    "grenoble": ("38185", "38", "200040715"),
    "mens": ("38226", "38", None),
    "die": ("26113", "26", None),
    "fougeres": ("35115", "35", None),
}
REGIONS = {"38": "84", "26": "84", "35": "53"}


@pytest.fixture
def communes():
    for record in delivered():
        for area in record["areas"]:
            scale, _, code = area.partition(":")
            if scale == "departement":
                _departement(code, REGIONS.get(code, "84"))
            elif scale == "epci":
                Epci.objects.get_or_create(siren=code, defaults={"name": code, "kind": "METRO"})
    for code, region in REGIONS.items():
        _departement(code, region)
    found = {}
    for name, (code, departement, epci) in PLACES.items():
        found[name] = CommuneFactory(
            code=code,
            name=name.title(),
            departement=Departement.objects.get(code=departement),
            epci_id=epci,
        )
    load_delivered()
    return found


def _departement(code, region):
    Region.objects.get_or_create(code=region, defaults={"name": f"Région {region}"})
    Departement.objects.get_or_create(
        code=code,
        defaults={
            "name": f"Département {code}",
            "region_id": region,
            "school_zone": "A",
            "time_zone": "Europe/Paris",
        },
    )


def answers(case, communes, names):
    """The ids of what is proposed for a case, best first."""
    commune = communes[case["where"]]
    town = OrganizationFactory(kind=OrganizationKind(case["holder"]), commune=commune)
    project = ProjectFactory(
        name=case["need"],
        themes=case["themes"],
        phase=case["phase"],
        lead_commune=commune,
        holder_organization=town,
    )
    one = blockage(project, case["kind"], title=case["need"])
    found = suggest(one, on=clock.today())
    return [names[suggestion.resource_id] for suggestion in found if suggestion.resource_id]


@dataclass
class Score:
    """What some cases come to."""

    right: int = 0
    shown: int = 0
    musts: int = 0
    found: int = 0
    nevers: int = 0
    alarms: int = 0

    @property
    def precision(self):
        return self.right / self.shown

    @property
    def recall(self):
        return self.found / self.musts

    def add(self, case, listed):
        """Count one case, and print what is wrong with it."""
        may = {*case["must"], *case["may"]}
        if "@ingenierie" in may:
            may |= GENERAL
        first = listed[:5]
        noise = [one for one in first if one not in may]
        missed = [one for one in case["must"] if one not in listed]
        alarms = [one for one in case["never"] if one in listed]
        self.right += len(first) - len(noise)
        self.shown += len(first)
        self.musts += len(case["must"])
        self.found += len(case["must"]) - len(missed)
        self.nevers += len(case["never"])
        self.alarms += len(alarms)
        if noise or missed or alarms:
            print(f"\n{case['kind']}, {case['where']} : {case['need']}")  # noqa: T201
            wrong = f"noise: {noise}  missed: {missed}  false alarms: {alarms}"
            print(f"  first: {first}\n  {wrong}")  # noqa: T201

    def __str__(self):
        return (
            f"precision@5 {self.precision:.3f} ({self.right} of {self.shown}),"
            f" recall of musts {self.recall:.3f} ({self.found} of {self.musts}),"
            f" {self.alarms} false alarms among {self.nevers} look-alikes"
        )


def test_the_library_answers_needs(communes):
    """The weights were chosen on every second case; the others say what they are worth."""
    names = dict(Resource.objects.values_list("pk", "source_id"))
    chosen_on, held_out, both = Score(), Score(), Score()
    for rank, case in enumerate(CASES):
        listed = answers(case, communes, names)
        both.add(case, listed)
        with redirect_stdout(StringIO()):
            (held_out if rank % 2 else chosen_on).add(case, listed)
    print(f"\n{len(CASES)} needs, {len(names)} records: {both}")  # noqa: T201
    print(f"chosen on: {chosen_on}\nheld out: {held_out}")  # noqa: T201
    assert both.precision >= 0.80
    assert both.recall >= 0.95
    assert both.alarms <= 0.25 * both.nevers
    assert held_out.precision >= 0.78
    assert held_out.recall >= 0.94


def test_the_cases_name_records_that_exist():
    known = {record["id"] for record in delivered()} | {"@ingenierie"}
    for case in CASES:
        named = {*case["must"], *case["may"], *case["never"]}
        assert named <= known, case["need"]
        assert not (set(case["must"]) | set(case["may"])) & set(case["never"]), case["need"]
    assert len(CASES) >= 60
