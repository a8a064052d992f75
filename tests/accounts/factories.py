"""People, organisations and memberships for every room's tests."""

import factory
from factory.django import DjangoModelFactory

from preau.accounts.enums import MembershipRole, OrganizationKind, VerificationMethod
from preau.accounts.middleware import wear
from preau.accounts.models import Membership, Organization, User
from preau.core import clock
from tests.territories.factories import CommuneFactory


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    class Params:
        operator = factory.Trait(is_operator=True)

    email = factory.Sequence(lambda n: f"personne{n}@example.org")
    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"Martin{n}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(*args, **kwargs)


class OrganizationFactory(DjangoModelFactory):
    """An association; `OrganizationFactory(verified=True)` may act in public."""

    class Meta:
        model = Organization

    class Params:
        verified = factory.Trait(
            verified_at=factory.LazyFunction(clock.now),
            verified_by_method=VerificationMethod.OPERATOR,
        )
        town = factory.Trait(
            kind=OrganizationKind.COMMUNE, name=factory.Sequence(lambda n: f"Mairie numéro {n}")
        )

    kind = OrganizationKind.ASSOCIATION
    name = factory.Sequence(lambda n: f"Association numéro {n}")
    commune = factory.SubFactory(CommuneFactory)
    postcode = "38000"


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory, verified=True)
    role = MembershipRole.MANAGER


def sign_in(client, user, membership=None):
    """Sign the test client in, acting for themself or through a membership."""
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    wear(session, membership)
    session.save()
    return client
