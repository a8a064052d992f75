"""What a test on real connections leaves to the next one."""

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError

from preau.accounts.models import User
from preau.documents import journal
from preau.documents.models import JournalEntry
from tests import emptying
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_no_row_is_left_but_permissions_and_guards_stand():
    if not emptying.may_set_triggers_aside("default"):
        pytest.skip("This role may not: Django truncates, and writes permissions again.")
    permissions = Permission.objects.count()
    UserFactory()
    journal.append("trial", "step", {})  # a trigger refuses to remove it
    emptying.empty("default")
    assert not User.objects.exists()
    assert not JournalEntry.objects.exists()
    assert Permission.objects.count() == permissions > 1000
    journal.append("trial", "step", {})
    with pytest.raises(DatabaseError, match="only appended"):
        JournalEntry.objects.all().delete()
