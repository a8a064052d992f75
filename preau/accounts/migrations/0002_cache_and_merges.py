"""What many processes share, and what follows when two organisations become one."""

from django.db import migrations

from preau.accounts.following import FUNCTION, NO_FUNCTION

#: The cache (rate limits) is a table that all processes share; no Django command to remember.
CACHE = """
CREATE TABLE cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX cache_expires ON cache (expires);
"""
UNDO_CACHE = "DROP TABLE cache"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_tables")]

    operations = [
        migrations.RunSQL(CACHE, UNDO_CACHE),
        migrations.RunSQL(FUNCTION, NO_FUNCTION),
    ]
