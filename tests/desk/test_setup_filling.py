"""The guide's first question, answered by the register of companies."""

import pytest
from django.urls import reverse

from preau.accounts.models import Organization
from preau.outside.models import FieldSource
from tests.accounts.factories import UserFactory, sign_in
from tests.integrations.misbehaving import running
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
START = reverse("desk:setup")
SIRET = "21380563300012"


@pytest.fixture
def register(settings):
    with running("fakes.companies") as settings.COMPANIES_URL:
        yield


def test_a_number_answers_the_first_question(client, register):
    CommuneFactory(code="38563", name="Voiron", postcodes=["38500"])
    sign_in(client, UserFactory())
    answer = client.post(START, {"fill": "vide", "siret": SIRET})
    assert "Rempli d’après l’annuaire" in answer.content.decode()
    kept = {**answer.context["form"].initial, "filled_from": SIRET}
    assert client.post(START, kept).status_code == 302
    assert Organization.objects.get().name == "Commune de Voiron"
    assert set(FieldSource.objects.values_list("field", flat=True)) == {"name", "commune"}
