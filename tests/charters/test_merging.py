"""Two keepers become one: their charters and networks keep apart."""

import pytest

from preau.accounts.actions import merge_organizations
from preau.accounts.actors import Actor
from preau.charters.actions import networks
from preau.charters.models import Charter, Network
from tests.accounts.factories import OrganizationFactory, UserFactory
from tests.charters.conftest import hand_of
from tests.charters.factories import charter_of
from tests.mediation.factories import file_of, sheet_of
from tests.places.factories import PlaceFactory

pytestmark = pytest.mark.django_db


def test_names_that_both_had_tell_whose_they_were(charter, keeper, keeping):
    other = OrganizationFactory(verified=True, kind=keeper.kind, name="Pays Voisin")
    theirs = hand_of(other)
    charter_of(other, theirs)
    for actor in (keeping, theirs):
        networks.create("Réseau", "Se recevoir", actor=actor)
        file_of(sheet_of(PlaceFactory(owner=actor.organization)), actor)
    operator = Actor(UserFactory(is_operator=True))
    merge_organizations(actor=operator, source=other, target=keeper, reason="fusion")
    for model in (Charter, Network):
        names = model.objects.filter(keeper=keeper).values_list("name", flat=True)
        assert len(set(names)) == len(names) == 2
