"""The guard of merged organisations: a row written under one that is no more becomes the other's.

Whoever was writing while two organisations were merged loses nothing and need not know. A trigger
adds rows under the one that took over; nobody waits for a merge, so what was begun before it and
ends after it, and rows changed late, are brought over by `actions.merging.sweep`. The trigger
stands on every table that points to an organisation, whatever room made it; a new table gets it
when it is created. It never stands before an update: PostgreSQL would then lock the row as if its
keys changed, against the foreign keys of whoever is booking.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from preau.core.registries import organization_past

#: Kept by migration 0006. Fires before the other guards of a table (triggers fire by name).
FUNCTION = """
CREATE FUNCTION accounts_follow_merge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked bigint := to_jsonb(NEW) ->> TG_ARGV[0];
    heir bigint;
BEGIN
    IF asked IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT merged_into_id INTO heir FROM accounts_organization WHERE id = asked;
    IF heir IS NULL THEN
        RETURN NEW;
    END IF;
    RETURN jsonb_populate_record(NEW, jsonb_build_object(TG_ARGV[0], heir));
END $$;
"""
NO_FUNCTION = "DROP FUNCTION accounts_follow_merge() CASCADE;"

_MISSING = """
SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint AS c
JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.confrelid = to_regclass('accounts_organization')
  AND c.conrelid <> c.confrelid AND to_regproc('accounts_follow_merge') IS NOT NULL
  AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.conrelid
                  AND t.tgname = 'aa_follow_merge_' || a.attname)
ORDER BY 1, 2
"""


def unguarded(using: str = "default") -> list[tuple[str, str]]:
    """(table, column) of each that points to an organisation and lacks the trigger."""
    past = {label.lower().replace(".", "_") for label in organization_past}
    with connections[using].cursor() as cursor:
        cursor.execute(_MISSING)
        return [(table, column) for table, column in cursor.fetchall() if table not in past]


def guard_tables(using: str = "default", **kwargs: Any) -> None:
    """After every `migrate`: the tables that it made."""
    for table, column in unguarded(using):
        with connections[using].cursor() as cursor:
            cursor.execute(
                f'CREATE TRIGGER "aa_follow_merge_{column}" BEFORE INSERT'
                f" ON {table} FOR EACH ROW EXECUTE FUNCTION accounts_follow_merge('{column}')"
            )
