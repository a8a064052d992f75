"""French without its accents, for every full text."""

from django.db import migrations

FRENCH = """
CREATE TEXT SEARCH CONFIGURATION french_unaccent (COPY = french);
ALTER TEXT SEARCH CONFIGURATION french_unaccent
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
"""
UNDO_FRENCH = "DROP TEXT SEARCH CONFIGURATION french_unaccent;"


class Migration(migrations.Migration):
    dependencies = [("territories", "0001_tables")]

    operations = [
        migrations.RunSQL(FRENCH, UNDO_FRENCH),
    ]
