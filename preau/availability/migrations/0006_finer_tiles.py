"""Cells of under three kilometres, so that the nearest spaces are found by reading few of them."""

from django.db import migrations, models

TILES = """
UPDATE availability_spaceindex AS i SET
  owner_id = p.owner_id,
  tile = floor((p.latitude + 90) * 40)::int * 9600 + floor((p.longitude + 180) * 80 / 3)::int
FROM places_place AS p WHERE p.id = i.place_id;
UPDATE availability_spaceday AS d SET
  tile = floor((p.latitude + 90) * 40)::int * 9600 + floor((p.longitude + 180) * 80 / 3)::int
FROM places_space AS s JOIN places_place AS p ON p.id = s.place_id WHERE s.id = d.space_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("availability", "0005_remember_the_checks_of_the_index"),
    ]

    operations = [
        migrations.RemoveIndex("spaceindex", "space_index_covering"),
        migrations.AddField(
            "spaceindex",
            "owner_id",
            models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(TILES, migrations.RunSQL.noop),
        migrations.AddIndex(
            "spaceindex",
            models.Index(
                fields=["tile"],
                include=(
                    *("space", "owner_id", "departement_code", "latitude", "longitude", "zone"),
                    *("calendar", "capacity", "kind", "place_kind", "equipment", "is_accessible"),
                    *("lanes", "min_minutes", "max_minutes", "step_minutes", "lead_minutes"),
                    "horizon_days",
                ),
                name="space_index_covering",
            ),
        ),
    ]
