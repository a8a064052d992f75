from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("booking", "0003_give_every_booking_its_dates")]
    operations = [
        migrations.AlterField("booking", "starts_at", models.DateTimeField("début")),
        migrations.AlterField("booking", "ends_at", models.DateTimeField("fin")),
        migrations.AddConstraint(
            "booking",
            models.CheckConstraint(
                name="booking_ends_after_start",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
            ),
        ),
    ]
