"""Accounts that belong to no network are anonymised after a year."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_address_shown")]

    operations = [
        migrations.AddField("user", "alone_since", models.DateTimeField(null=True)),
        migrations.AddField("user", "end_told_at", models.DateTimeField(null=True)),
        migrations.AddField("user", "anonymised_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "user",
            models.Index(fields=["alone_since"], name="account_alone", condition=Q(alone_since__isnull=False)),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                name="account_anonymised_is_nobody",
                condition=Q(anonymised_at=None) | Q(is_active=False, name="", email__endswith="@anonymised.invalid"),
            ),
        ),
    ]
