"""Who reads what, in how many questions; files; what is typed wrong."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.capacity import summaries
from preau.capacity.forms import coming_year, past_year
from preau.capacity.queries import figures, scopes
from preau.capacity.views import opening
from preau.capacity.windows import BY_KEY
from preau.core import clock
from preau.places.enums import Publication
from preau.places.models import Place
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.availability.factories import open_space
from tests.capacity.factories import born
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return OrganizationFactory(verified=True, town=True, commune=CommuneFactory())


@pytest.fixture
def client(town):
    member = MembershipFactory(organization=town, role=MembershipRole.MANAGER)
    return sign_in(Client(), member.user, member)


def places(town, count):
    for _ in range(count):
        space = SpaceFactory(place=PlaceFactory(owner=town), surface=100)
        open_space(space)


def text_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def rows_of(response):
    lines = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(lines), delimiter=";"))


def test_an_association_is_told_whom_it_is_for(town):
    member = MembershipFactory(organization=OrganizationFactory(verified=True))
    other = sign_in(Client(), member.user, member)
    for name in ("overview", "grid_csv", "lines_csv", "more", "impact", "impact_csv"):
        assert "vérifiés" in text_of(other.get(reverse(f"capacity:{name}")))
    assert "<li" not in text_of(other.get(reverse("capacity:suggest"), {"q": "Gren"}))


def test_a_town_begins_with_itself(client, town):
    places(town, 2)
    found = text_of(client.get(reverse("capacity:overview")))
    assert "Capacité des lieux : Grenoble" in found
    assert "2 espaces de 2 lieux" in found
    assert "100 %" in found


def test_a_hall_of_parts_is_one_space_and_both_pages_say_so(client, town):
    hall = hall_in_thirds(PlaceFactory(owner=town))
    open_space(hall)
    found = text_of(client.get(reverse("capacity:overview")))
    assert "1 espace de 1 lieu" in found
    assert "Une salle divisible compte pour un espace" in found
    assert "Chaque partie d’une salle divisible" in text_of(client.get(reverse("stats:public")))


def test_the_year_that_is_over_is_read_first(client, town):
    places(town, 2)
    born(SpaceFactory(place=Place.objects.first()), clock.today() - timedelta(days=800))
    first, last = past_year()
    assert (last - first).days in (364, 365)
    assert last < clock.today()
    found = text_of(client.get(reverse("capacity:overview")))
    assert "sur les douze derniers mois" in found
    assert f'value="{first:%Y-%m-%d}"' in found
    assert "<strong>Douze derniers mois</strong>" in found


def test_the_year_to_come_answers_for_a_place_that_has_just_opened(client, town):
    places(town, 2)
    found = text_of(client.get(reverse("capacity:overview"), {"ou": f"commune:{town.commune_id}"}))
    assert "2 espaces de 2 lieux" in found
    assert "sur les douze mois à venir" in found
    assert f'value="{coming_year()[0]:%Y-%m-%d}"' in found


def test_a_commune_is_named_once(client, town):
    found = text_of(client.get(reverse("capacity:overview")))
    assert "Grenoble (38000)" in found
    assert "(38) (" not in found


def test_an_offer_agrees_with_any_name(town):
    space = SpaceFactory(place=PlaceFactory(owner=town), surface=1200, capacity=40)
    words = opening._text(space, BY_KEY["soir"])
    assert "40\u00a0personnes, 1\u202f200\u00a0m²" in words
    assert "Cet espace est ouvert" in words
    assert not re.search(r"\d (?:h|m²|personnes)", words)


def test_as_many_questions_for_ten_places_as_for_two(client, town, django_assert_max_num_queries):
    places(town, 2)
    for name, most in (("overview", 30), ("more", 40), ("impact", 60)):
        places(town, 4)
        with django_assert_max_num_queries(most):
            assert client.get(reverse(f"capacity:{name}")).status_code == 200


def test_drafts_are_counted_for_nobody(client, town):
    places(town, 2)
    hidden = Place.objects.order_by("pk").last()
    Place.objects.filter(pk=hidden.pk).update(publication=Publication.DRAFT, name="Cave secrète")
    assert "1 espace de 1 lieu" in text_of(client.get(reverse("capacity:overview")))
    answer = client.get(reverse("capacity:overview"), {"ou": f"lieu:{hidden.pk}"})
    assert "Cave secrète" not in text_of(answer)
    assert "Cave" not in text_of(client.get(reverse("capacity:suggest"), {"q": "Cave"}))


@pytest.mark.parametrize(
    "typed",
    [
        {"ou": "zzz"},
        {"ou": "departement:zz"},
        {"ou": "lieu:99999999999999999999"},
        {"ou": "structure:x"},
        {"du": "40/13/2026"},
        {"du": "2026-06-01", "au": "2026-05-01"},
        {"du": "2020-06-01", "au": "2026-05-01"},
        {"mini": "17"},
        {"voir": "tout"},
    ],
)
def test_what_cannot_be_understood_is_said(client, town, typed):
    answer = client.get(reverse("capacity:overview"), typed)
    assert answer.status_code == 200
    assert 'id="erreurs"' in text_of(answer)


def test_files_hold_what_the_page_says(client, town):
    places(town, 2)
    commune = town.commune_id
    asked = {"ou": f"commune:{commune}", "du": "2026-12-01", "au": "2026-12-07"}
    week = rows_of(client.get(reverse("capacity:grid_csv"), asked))
    opened = [row for row in week if row["mesure"] == "ouverture"]
    assert sum(float(row["heures"].replace(",", ".")) for row in opened) == 2 * 7 * 24
    lines = rows_of(client.get(reverse("capacity:lines_csv"), asked))
    assert [row["heures ouvertes"] for row in lines] == ["168", "168"]


def test_large_territories_read_the_summaries(client, town, monkeypatch):
    places(town, 2)
    summaries.refresh("38")
    monkeypatch.setattr(figures, "MOST_LIVE", 1)
    monkeypatch.setattr(scopes, "MOST_LIVE", 1)
    for key in ("departement:38", f"commune:{town.commune_id}", f"structure:{town.pk}", "nation:"):
        found = text_of(client.get(reverse("capacity:overview"), {"ou": key}))
        assert "calculé le" in found, key
        assert "2 espaces de 2 lieux" in found, key


def test_the_operator_enters_the_factor(town):
    user = UserFactory(is_operator=True)
    operator = sign_in(Client(), user)
    address = reverse("capacity:factor")
    assert "Aucun facteur" in text_of(operator.get(address))
    operator.post(address, {"grams_per_km": "", "since": "2026-01-01", "source": "x"})
    operator.post(address, {"grams_per_km": "97,5", "since": "2026-01-01", "source": "ADEME"})
    assert "ADEME" in text_of(operator.get(address))
