"""What fits a need: against a reading of every record, one by one."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from preau.core.errors import Refusal
from preau.resources import areas, queries
from preau.resources.enums import Audience, BlockageKind, Phase, ResourceKind, ResourceState, Theme
from preau.territories.models import Commune, Epci
from tests.resources.factories import ResourceFactory, published
from tests.territories.factories import CommuneFactory, DepartementFactory, RegionFactory

pytestmark = pytest.mark.django_db
DAY = date(2027, 1, 15)


@pytest.fixture
def country():
    """Two régions, three départements, three EPCI (one over two départements), ten communes."""
    aura, bfc = RegionFactory(), RegionFactory(code="27", name="Bourgogne-Franche-Comté")
    isere = DepartementFactory(region=aura)
    drome = DepartementFactory(code="26", name="Drôme", region=aura)
    jura = DepartementFactory(code="39", name="Jura", region=bfc)
    epcis = [Epci.objects.create(siren=f"20000000{n}", name=f"CC {n}", kind="CC") for n in range(3)]
    where = [(isere, 0), (isere, 0), (isere, 1), (isere, None), (drome, 1), (drome, 1)]
    where += [(drome, None), (jura, 2), (jura, 2), (jura, None)]
    return [
        CommuneFactory(
            code=f"{departement.code}{n:03}",
            name=f"Village {n}",
            departement=departement,
            epci=epcis[epci] if epci is not None else None,
        )
        for n, (departement, epci) in enumerate(where)
    ]


def some(rng, choices, most):
    return rng.sample(list(choices), rng.randint(0, most))


def library(rng, communes, count):
    keys = [f"commune:{commune.code}" for commune in communes]
    keys += [f"departement:{code}" for code in ("38", "26", "39", "01")]
    keys += ["region:84", "region:27", *(f"epci:20000000{n}" for n in range(3))]
    rows = []
    for _ in range(count):
        where = ["fr"] if rng.random() < 0.2 else rng.sample(keys, rng.randint(1, 3))
        themes = list(Theme.values) if rng.random() < 0.1 else rng.sample(Theme.values, 3)
        closes = rng.choice([None, None, DAY - timedelta(1), DAY, DAY + timedelta(9)])
        rows.append(
            published(
                kind=rng.choice(ResourceKind.values),
                state=rng.choice([ResourceState.PUBLISHED] * 5 + list(ResourceState)),
                themes=themes,
                areas=where,
                blockage_kinds=rng.sample(BlockageKind.values, 2),
                phases=some(rng, Phase.values, 2),
                audiences=some(rng, Audience.values[:4], 2),
                expires_on=rng.choice([DAY - timedelta(1), DAY, DAY + timedelta(50)]),
                closes_on=closes,
                submitted_by=None,
                reviewed_by=READER,
            )
        )
    return rows


READER = None


def covers(row, commune):
    """Written apart from `areas.keys_of`."""
    return any(
        area in ("fr", f"commune:{commune.code}")
        or (commune.epci_id and area == f"epci:{commune.epci_id}")
        or area
        in (f"departement:{commune.departement.code}", f"region:{commune.departement.region.code}")
        for area in row.areas
    )


def fits(row, need, communes):
    return (
        row.state == "publiee"
        and row.expires_on >= DAY
        and (row.closes_on is None or row.closes_on >= DAY)
        and any(covers(row, one) for one in communes)
        and (not need["themes"] or set(need["themes"]) & set(row.themes))
        and (not need["blockage_kind"] or need["blockage_kind"] in row.blockage_kinds)
        and (not need["phase"] or not row.phases or need["phase"] in row.phases)
        and (not need["audience"] or not row.audiences or need["audience"] in row.audiences)
        and (not need["kinds"] or row.kind in need["kinds"])
    )


@pytest.mark.parametrize("seed", range(4))
def test_what_fits_is_what_a_person_would_find(country, seed, monkeypatch):
    from tests.accounts.factories import UserFactory

    monkeypatch.setattr(f"{__name__}.READER", UserFactory())
    rng = random.Random(seed)
    rows = library(rng, country, 120)
    found_some = 0
    for _ in range(60):
        communes = rng.sample(country, rng.randint(1, 3))
        need = {
            "themes": some(rng, Theme.values, 3),
            "blockage_kind": rng.choice(["", *BlockageKind.values]),
            "phase": rng.choice(["", *Phase.values]),
            "audience": rng.choice(["", *Audience.values[:4]]),
            "kinds": some(rng, ResourceKind.values, 2),
        }
        found = queries.for_need(commune_codes=[one.code for one in communes], on=DAY, **need)
        wanted = {row.pk for row in rows if fits(row, need, communes)}
        assert {one.resource.pk for one in found} == wanted
        assert len(found) == len(wanted)
        found_some += bool(wanted)
        by_pk = {row.pk: row for row in rows}
        for candidate in found:
            row = by_pk[candidate.resource.pk]
            assert set(candidate.communes) == {c.code for c in communes if covers(row, c)}
            assert set(candidate.themes) == set(need["themes"]) & set(row.themes)
            assert candidate.is_general == (len(row.themes) == len(Theme.values))
            assert candidate.phase_named == (need["phase"] in row.phases)
            assert candidate.audience_named == (need["audience"] in row.audiences)
            assert candidate.area.key in row.areas
    assert found_some > 20


def test_the_nearest_area_is_the_one_named():
    grenoble = CommuneFactory()
    published(areas=["region:84", "departement:38", "commune:38185"])
    [one] = queries.for_need(commune_codes=[grenoble.code], on=DAY)
    assert (one.area.name, one.area.scale) == ("Grenoble (38)", "commune")


def test_the_nearest_help_first_then_the_nearest_words():
    CommuneFactory()
    national = published(title="École et mairie", areas=["fr"])
    far = published(title="Une aide", summary="Pour tous", areas=["region:84"])
    near = published(title="Rénover une école", areas=["region:84"])
    found = queries.for_need(commune_codes=["38185"], text="Rénovation des écoles", on=DAY)
    assert [one.resource for one in found] == [near, far, national]
    assert found[0].text_rank > 0 == found[1].text_rank
    assert found[2].text_rank > 0


def test_an_unknown_commune_finds_nothing_even_national():
    published(areas=["fr"])
    assert queries.for_need(commune_codes=["99999"], on=DAY) == []
    assert queries.for_need(commune_codes=[], on=DAY) == []


@pytest.mark.parametrize("text", ["", "  ", "l'", "' & | ! :*", "\x00", "É" * 5000, "de la les"])
def test_any_text_is_safe(text):
    CommuneFactory()
    published()
    assert len(queries.for_need(commune_codes=["38185"], text=text, on=DAY)) == 1


def test_few_statements_whatever_is_found(country):
    for commune in country:
        published(areas=[areas.keys_of(commune)[0], "region:84"])
    with CaptureQueriesContext(
        connection,
    ) as few:
        queries.for_need(commune_codes=["38000"], on=DAY)
    with CaptureQueriesContext(connection) as many:
        queries.for_need(commune_codes=[one.code for one in country], on=DAY)
    assert len(few) <= 4
    assert len(many) <= 5  # one more a scale of territory that the reasons name


def test_no_more_than_asked():
    CommuneFactory()
    for _ in range(5):
        published()
    assert len(queries.for_need(commune_codes=["38185"], on=DAY, limit=3)) == 3


def test_too_many_of_one_scale_do_not_hide_the_others():
    CommuneFactory()
    for n in range(6):
        published(areas=["departement:38"], title=f"École {n}")
    national, regional = published(areas=["fr"]), published(areas=["region:84"])
    found = queries.for_need(commune_codes=["38185"], text="école", on=DAY, limit=4)
    assert [one.resource.reach for one in found] == [2, 2, 3, 4]
    assert {regional, national} <= {one.resource for one in found}


# --- Territories ----------------------------------------------------------------------------------


def test_an_epci_that_gains_a_commune_brings_it_what_it_has(country):
    one = published(areas=["epci:200000000"])
    alone = country[3]
    assert queries.for_need(commune_codes=[alone.code], on=DAY) == []
    Commune.objects.filter(pk=alone.pk).update(epci="200000000")
    [found] = queries.for_need(commune_codes=[alone.code], on=DAY)
    assert found.resource == one


def test_areas_are_checked_and_the_national_one_holds_all(country):
    assert areas.checked(["commune:38000", "region:84", "commune:38000"]) == [
        "region:84",
        "commune:38000",
    ]
    assert areas.checked(["fr", "region:84"]) == ["fr"]
    for wrong in ("commune:99999", "planete:1", "departement:", "x"):
        with pytest.raises(Refusal):
            areas.checked([wrong])


def test_covering_one_commune(country):
    assert areas.covering(["region:84", "epci:200000000"], country[0]) == "epci:200000000"
    assert areas.covering(["region:27"], country[0]) == ""
    assert areas.covering(["fr"], country[0]) == "fr"


def test_drafts_are_never_proposed():
    CommuneFactory()
    ResourceFactory()
    assert queries.for_need(commune_codes=["38185"], on=DAY) == []
