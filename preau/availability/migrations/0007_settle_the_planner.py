"""What the planner gets wrong at the size of a country, settled where the data is."""

import django.db.models.deletion
from django.db import migrations, models

#: Compiling a search (JIT) takes a second where running it takes milliseconds: its cost, guessed
#: from discs that may hold anything, passes the threshold. Only who owns the database may say so;
#: elsewhere the operator does (docs/operations/production.md).
NO_JIT = """
DO $$ BEGIN
  IF (SELECT pg_has_role(current_user, datdba, 'USAGE') FROM pg_database
      WHERE datname = current_database()) THEN
    EXECUTE format('ALTER DATABASE %I SET jit = off', current_database());
  END IF;
END $$
"""
#: An index answers alone while its table's pages are known to be visible, which vacuum writes
#: down: by default after a fifth of the table has changed, months of bookings.
VACUUM_OFTEN = """
ALTER TABLE availability_spaceday SET (
  autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,
  autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE availability_spaceindex SET (
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
ALTER TABLE availability_occupiedunit SET (
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
"""
AS_BEFORE = """
ALTER TABLE availability_spaceday RESET (
  autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor,
  autovacuum_analyze_scale_factor);
ALTER TABLE availability_spaceindex RESET (
  autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor);
ALTER TABLE availability_occupiedunit RESET (
  autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("availability", "0006_finer_tiles"),
    ]

    operations = [
        # For a place's week the planner took the plain index and read all its past.
        migrations.AlterField(
            "occupancy",
            "place",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.place",
            ),
        ),
        migrations.AlterField(
            "occupancy",
            "root",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.space",
            ),
        ),
        migrations.AlterField(
            "occupiedunit",
            "unit",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.unit",
            ),
        ),
        migrations.RunSQL(NO_JIT, migrations.RunSQL.noop),
        migrations.RunSQL(VACUUM_OFTEN, AS_BEFORE),
    ]
