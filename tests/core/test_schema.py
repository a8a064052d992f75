"""Tables made together are those that Django makes one by one."""

import pytest
from django.db import connection, models
from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState

from preau.core.schema import CreateModels

pytestmark = pytest.mark.django_db


def _tables():
    """Each knows the other, the first by a table of its own."""
    pk = ("id", models.BigAutoField(primary_key=True))
    many = models.ManyToManyField("core.second")
    one = models.ForeignKey("core.first", models.CASCADE)
    return [CreateModel("First", [pk, ("many", many)]), CreateModel("Second", [pk, ("one", one)])]


def _made(known):
    with connection.cursor() as cursor:
        found = set(connection.introspection.table_names(cursor))
    return found & known


def test_tables_that_need_each_other_are_made_and_removed_together():
    known = {"core_first", "core_second", "core_first_many"}
    before, after = ProjectState(), ProjectState()
    before.apps  # noqa: B018  (as rendered by the migration before)
    step = CreateModels(_tables())
    step.state_forwards("core", after)
    with connection.schema_editor() as editor:
        step.database_forwards("core", editor, before, after)
    with connection.cursor() as cursor:
        found = connection.introspection.get_relations(cursor, "core_second")
    assert _made(known) == known
    assert found == {"one_id": ("id", "core_first")}
    with connection.schema_editor() as editor:
        step.database_backwards("core", editor, after, before)
    assert not _made(known)


def test_what_was_rendered_before_is_rendered_with_the_new_tables():
    state = ProjectState()
    assert not list(state.apps.get_models())
    CreateModels(_tables()).state_forwards("core", state)
    assert {one.__name__ for one in state.apps.get_models()} == {"First", "Second"}
