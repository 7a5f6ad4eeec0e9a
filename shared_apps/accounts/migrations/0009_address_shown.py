"""Who is invited and has no account yet shows with Google or Microsoft whose the address is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_with_providers")]

    operations = [
        migrations.AlterField(
            "handoff",
            "account",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("handoff", "address_hash", models.CharField(max_length=64, blank=True, db_default="")),
        migrations.AddConstraint(
            "handoff",
            models.CheckConstraint(
                name="hand_off_of_account_or_address",
                condition=Q(account__isnull=False, address_hash="") | (Q(account=None) & ~Q(address_hash="")),
            ),
        ),
    ]
