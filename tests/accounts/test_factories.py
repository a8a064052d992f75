"""The factories that other rooms lean on."""

from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory


def test_people_have_no_password(db):
    user = UserFactory()
    assert not user.has_usable_password()
    assert UserFactory(operator=True).is_operator


def test_a_membership_is_in_a_verified_organisation(db):
    assert MembershipFactory().organization.is_verified
    assert not OrganizationFactory().is_verified
    assert OrganizationFactory(verified=True).verified_by_method
