from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0008_tell_that_an_import_lives"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="sheet",
            index=models.Index(
                condition=models.Q(("state", "publiee")),
                fields=["name", "id"],
                name="sheet_published_name",
            ),
        ),
    ]
