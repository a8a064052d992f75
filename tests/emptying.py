"""Emptying the database after a test on real connections, in milliseconds.

Django truncates every table, three hundred, then writes every permission again: seconds of each
test. Here what holds rows is emptied, and what the migrations say of themselves (content types,
permissions) stays as it was. Removing rows fires triggers that would refuse (the journal) or check
keys one by one: PostgreSQL sets them aside for a role that may ask it, as on the server that
`make test` starts. Elsewhere, Django's way. DELETE never shrinks a table: « holds rows » soon means
« was ever used ».
"""

from functools import cache

from django.db import connections, transaction
from django.test import TransactionTestCase

KEPT = {"auth_permission", "django_content_type"}
HOLDS_ROWS = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s) AND pg_relation_size(oid) > 0
    ORDER BY relname
"""

_truncate = TransactionTestCase._fixture_teardown


def after_each_test():
    """Each test on real connections ends so, from now on."""
    TransactionTestCase._fixture_teardown = _teardown


def _teardown(case):
    aliases = case._databases_names(include_mirrors=False)
    if all(may_set_triggers_aside(alias) for alias in aliases):
        for alias in aliases:
            empty(alias)
    else:
        _truncate(case)


def empty(alias):
    """Remove every row; whoever still writes is waited for, as TRUNCATE would."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(HOLDS_ROWS, [_tables(alias)])
        if names := [f'"{name}"' for (name,) in cursor.fetchall()]:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE")
            cursor.execute(";".join(f"DELETE FROM {name}" for name in names))


@cache
def may_set_triggers_aside(alias):
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        return cursor.fetchone()[0]


@cache
def _tables(alias):
    names = connections[alias].introspection.django_table_names(include_views=False)
    return sorted(set(names) - KEPT)
