"""The cache (rate limits) is a table that all processes share; no Django command to remember."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_remember_hat_close_account_ask_verification")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE TABLE cache (
                    cache_key varchar(255) NOT NULL PRIMARY KEY,
                    value text NOT NULL,
                    expires timestamp with time zone NOT NULL
                );
                CREATE INDEX cache_expires ON cache (expires);
            """,
            reverse_sql="DROP TABLE cache",
        )
    ]
