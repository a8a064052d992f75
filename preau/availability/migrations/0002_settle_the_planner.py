"""What the planner gets wrong at the size of a country, settled where the data is."""

from django.db import migrations

#: Search reads the index alone, never the table.
COVERING_KEY = """
ALTER TABLE availability_spaceday DROP CONSTRAINT availability_spaceday_pkey;
ALTER TABLE availability_spaceday ADD CONSTRAINT availability_spaceday_pkey
  PRIMARY KEY (day, tile, space_id, lane) INCLUDE (bits);
"""
UNDO_COVERING_KEY = """
ALTER TABLE availability_spaceday DROP CONSTRAINT availability_spaceday_pkey;
ALTER TABLE availability_spaceday ADD CONSTRAINT availability_spaceday_pkey
  PRIMARY KEY (day, tile, space_id, lane);
"""
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
UNDO_VACUUM_OFTEN = """
ALTER TABLE availability_spaceday RESET (
  autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor,
  autovacuum_analyze_scale_factor);
ALTER TABLE availability_spaceindex RESET (
  autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor);
ALTER TABLE availability_occupiedunit RESET (
  autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor);
"""


class Migration(migrations.Migration):
    dependencies = [("availability", "0001_tables")]

    operations = [
        migrations.RunSQL(COVERING_KEY, UNDO_COVERING_KEY),
        migrations.RunSQL(NO_JIT, migrations.RunSQL.noop),
        migrations.RunSQL(VACUUM_OFTEN, UNDO_VACUUM_OFTEN),
    ]
