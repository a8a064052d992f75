"""Projects whose lead is in a département are found by it; the few that reach others, by an index
of their own. The first is only true of all if the lead's département is always among theirs."""

import django.contrib.postgres.indexes
from django.db import migrations, models

AMONG = """
UPDATE projects_project SET departement_codes = departement_code || departement_codes
WHERE departement_code <> '' AND NOT departement_code = ANY(departement_codes);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0008_find_words_in_a_territory"),
    ]

    operations = [
        migrations.RunSQL(AMONG, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("departement_code", ""),
                    ("departement_codes__contains", [models.F("departement_code")]),
                    _connector="OR",
                ),
                name="project_lead_departement_is_its_own",
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("departement_codes__len__gt", 1)),
                fastupdate=False,
                fields=["departement_codes"],
                name="project_across_departements",
            ),
        ),
    ]
