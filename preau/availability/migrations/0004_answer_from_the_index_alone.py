"""Search reads indexes and never the tables: opening days by the year, covering keys.

With 0006, not for two versions side by side: the former one knows other tables and other tiles.
Restart at once, then `manage.py check_index --repair`. Going back needs the index written anew by
the former version.
"""

from datetime import date, timedelta

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import preau.availability.models

COVERING_KEY = """
ALTER TABLE availability_spaceday DROP CONSTRAINT availability_spaceday_pkey;
ALTER TABLE availability_spaceday ADD CONSTRAINT availability_spaceday_pkey
  PRIMARY KEY (day, tile, space_id, lane) INCLUDE (bits);
"""
PLAIN_KEY = """
ALTER TABLE availability_spaceday DROP CONSTRAINT availability_spaceday_pkey;
ALTER TABLE availability_spaceday ADD CONSTRAINT availability_spaceday_pkey
  PRIMARY KEY (day, tile, space_id, lane);
"""
NAME_DEPARTEMENTS = """
UPDATE availability_spaceday AS d SET departement_code = p.departement_code
FROM places_space AS s JOIN places_place AS p ON p.id = s.place_id WHERE s.id = d.space_id
"""


def number_the_days(apps, schema_editor):
    calendars = apps.get_model("availability", "OpeningCalendar")
    opening_day = apps.get_model("availability", "OpeningDay")
    opening_year = apps.get_model("availability", "OpeningYear")
    for pk in calendars.objects.values_list("pk", flat=True).order_by("pk"):
        years = {}
        rows = opening_day.objects.filter(calendar=pk).order_by("day").values_list("day", "bits")
        for day, bits in rows:
            years.setdefault(day.year, {})[day] = bits
        for year, days in years.items():
            first = date(year, 1, 1)
            length = (date(year, 12, 31) - first).days + 1
            patterns = list(dict.fromkeys(days.values()))
            numbers = {bits: number for number, bits in enumerate(patterns, 1)}
            opening_year.objects.create(
                calendar_id=pk,
                year=year,
                patterns=patterns,
                days=[
                    numbers.get(days.get(first + timedelta(days=n), ""), 0) for n in range(length)
                ],
            )


class Migration(migrations.Migration):
    dependencies = [
        ("availability", "0003_number_the_versions_of_hours"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningYear",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "calendar",
                        "year",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="availability.openingcalendar",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "patterns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=preau.availability.models.BitField(), size=None
                    ),
                ),
                (
                    "days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), size=None
                    ),
                ),
            ],
        ),
        migrations.RunPython(number_the_days, migrations.RunPython.noop),
        migrations.DeleteModel("OpeningDay"),
        migrations.RemoveIndex("spaceday", "space_day_covering"),
        migrations.AddField(
            "spaceday",
            "departement_code",
            models.CharField(default="", max_length=3),
            preserve_default=False,
        ),
        migrations.RunSQL(NAME_DEPARTEMENTS, migrations.RunSQL.noop),
        migrations.RunSQL(COVERING_KEY, PLAIN_KEY),
        migrations.RemoveIndex("spaceindex", "space_index_by_tile"),
        migrations.AddIndex(
            "spaceindex",
            models.Index(
                fields=["tile"],
                include=(
                    *("space", "place_id", "departement_code", "latitude", "longitude", "zone"),
                    *("calendar", "capacity", "kind", "place_kind", "equipment", "is_accessible"),
                    *("lanes", "min_minutes", "max_minutes", "step_minutes", "lead_minutes"),
                    "horizon_days",
                ),
                name="space_index_covering",
            ),
        ),
    ]
