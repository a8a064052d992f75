"""Pages: what the public reads, what each party may press."""

import pytest

from preau.accounts.actors import SYSTEM
from preau.agreements.enums import AgreementState, LegalCase
from preau.agreements.models import Model
from preau.charters import pages
from preau.charters.actions import adhesions
from preau.charters.models import Charter, CharterAdhesion
from preau.core import clock
from tests.accounts.factories import sign_in
from tests.agreements.factories import mayor_of
from tests.charters.factories import adhesion_of

pytestmark = pytest.mark.django_db


def as_(client, actor):
    return sign_in(client, actor.user, actor.membership)


def test_the_public_reads_the_text_and_the_places(client, charter, place, hosting):
    adhesion = adhesion_of(charter, place, hosting)
    page = client.get(charter.get_absolute_url()).content.decode()
    assert "Clause du partage" in page
    assert place.name not in page
    adhesion.agreement.state = AgreementState.SIGNED
    adhesions.follow_agreement(adhesion.agreement, actor=SYSTEM)
    page = client.get(charter.get_absolute_url()).content.decode()
    assert place.name in page
    assert "Lieu partagé" in client.get(f"/lieux/{place.slug}/").content.decode()


def test_a_draft_is_nobody_elses(client, keeper, keeping, charter):
    Charter.objects.update(state="brouillon", opened_at=None)
    assert client.get(charter.get_absolute_url()).status_code == 404


def test_a_manager_joins_from_the_page(client, charter, place, hosting, town):
    mayor_of(town)
    as_(client, hosting)
    url = f"{charter.get_absolute_url()}adherer/"
    assert place.name in client.get(url).content.decode()
    response = client.post(url, {"place": place.pk})
    adhesion = CharterAdhesion.objects.get()
    assert response["Location"] == adhesion.get_absolute_url()
    assert "attend ses signatures" in client.get(response["Location"]).content.decode()


def test_a_refusal_keeps_the_choice_and_says_what_to_do(client, charter, place, hosting):
    as_(client, hosting)
    page = client.post(f"{charter.get_absolute_url()}adherer/", {"place": place.pk})
    assert "doit désigner qui signe" in page.content.decode()
    assert "selected" in page.content.decode()


def test_what_each_party_may_press(client, charter, place, hosting, keeping):
    adhesion = adhesion_of(charter, place, hosting)
    adhesion.agreement.state = AgreementState.SIGNED
    adhesions.follow_agreement(adhesion.agreement, actor=SYSTEM)
    url = adhesion.get_absolute_url()
    as_(client, hosting)
    page = client.get(url).content.decode()
    assert ("Confirmer l’adhésion" in page, "Suspendre" in page) == (True, False)
    as_(client, keeping)
    page = client.get(url).content.decode()
    assert ("Confirmer l’adhésion" in page, "Suspendre" in page) == (False, True)


def test_the_list_asks_a_constant_number_of_questions(
    client, charter, keeping, django_assert_max_num_queries
):
    as_(client, keeping)
    with django_assert_max_num_queries(14):
        client.get("/chartes/")
    with django_assert_max_num_queries(20):
        client.get(f"/piloter/chartes/{charter.key}/")


def test_what_is_of_each_place_is_said_in_general_words(client, charter):
    page = client.get(charter.get_absolute_url()).content.decode()
    assert "Le propriétaire du lieu, représenté par la personne qui signe pour lui" in page
    assert "y adhère pour le lieu qu’il désigne, à l’adresse qu’il donne." in page
    assert f"{charter.keeper.name}, qui tient la charte" in page
    assert "Valbrise" not in page  # the town of the examples


def test_long_lists_come_page_by_page(client, charter, place, hosting, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 2)
    names = [f"Charte {number}" for number in range(4)]
    for name in names:
        Charter.objects.create(
            keeper=charter.keeper,
            model=Model.objects.create(
                organization=charter.keeper, case=LegalCase.CHARTER, name=name
            ),
            name=name,
            area_key=charter.area_key,
            state="ouverte",
            opened_at=clock.now(),
        )
    seen, address = [], "/chartes/"
    while address:
        page = client.get(address).context["page"]
        assert len(page.rows) <= 2 and page.total == 5
        seen += [one.name for one in page.rows]
        address = f"/chartes/{page.next}" if page.next else ""
    assert sorted(seen) == sorted([charter.name, *names])
    assert client.get("/chartes/?page=x").status_code == 200
