"""An occupant says whether they agree with what would be kept of their deposit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_hand_titles_over_in_batches")]

    operations = [
        migrations.AddField(
            model_name="deposit",
            name="agrees",
            field=models.BooleanField(null=True, verbose_name="d’accord"),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(("agrees", None), ("answered_at__isnull", False), _connector="OR"),
                name="deposit_agreed_once_answered",
            ),
        ),
    ]
