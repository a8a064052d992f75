from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0009_list_the_nation_by_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="signal",
            name="reminded_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
