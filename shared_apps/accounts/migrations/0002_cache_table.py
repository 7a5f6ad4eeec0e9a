"""Makes the table of the platform's cache, as `manage.py createcachetable` would, so that migrating is enough."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=[
                """CREATE TABLE IF NOT EXISTS "django_cache" (
                    "cache_key" varchar(255) NOT NULL PRIMARY KEY,
                    "value" text NOT NULL,
                    "expires" timestamp with time zone NOT NULL
                )""",
                'CREATE INDEX IF NOT EXISTS "django_cache_expires" ON "django_cache" ("expires")',
            ],
            reverse_sql='DROP TABLE IF EXISTS "django_cache"',
        ),
    ]
