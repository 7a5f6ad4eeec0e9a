"""Somebody who signed in with Google or Microsoft goes from host to host."""

from django.db import migrations, models

CHOICES = [
    ("password", "Password"),
    ("code", "Emailed code"),
    ("provider", "Google or Microsoft"),
    ("second_step", "Two steps"),
    ("passkey", "Passkey"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_owners")]

    operations = [migrations.AlterField("handoff", "strength", models.CharField(max_length=12, choices=CHOICES))]
