"""A row for each perimeter that a page shows, its states and phases in one array.

The counts are made again within ten minutes; until then pages say that nothing was counted yet.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

FORGET = "DELETE FROM portfolio_projectcount; DELETE FROM portfolio_countedat;"


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0004_place_what_is_counted"),
    ]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="projectcount", name="project_count_once"),
        migrations.RemoveIndex(model_name="projectcount", name="project_count_where"),
        migrations.RemoveField(model_name="projectcount", name="phase"),
        migrations.RemoveField(model_name="projectcount", name="state"),
        migrations.AddField(
            model_name="projectcount",
            name="cells",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), default=list, size=None
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="projectcount",
            name="departement_code",
            field=models.CharField(max_length=3, null=True),
        ),
        migrations.AlterField(
            model_name="projectcount",
            name="crte_code",
            field=models.CharField(blank=True, max_length=40, null=True),
        ),
        migrations.AddConstraint(
            model_name="projectcount",
            constraint=models.UniqueConstraint(
                fields=["departement_code", "crte_code", "programme_id"],
                name="project_count_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="projectcount",
            constraint=models.CheckConstraint(
                condition=models.Q(("crte_code", None), ("departement_code__isnull", False), _connector="OR"),
                name="project_count_contract_in_departement",
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FORGET),
    ]
