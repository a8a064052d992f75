from django.db import migrations, models

# Lists whose worker died before this was written are given up like the others.
SILENT = """
UPDATE directory_sheetbatch SET told_at = created_at
WHERE state IN ('verification', 'en_cours', 'annulation')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0007_forget_contacts_in_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="sheetbatch",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(SILENT, migrations.RunSQL.noop),
    ]
