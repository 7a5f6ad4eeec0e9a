"""How strongly somebody signed in, and until when owners and operators may go without a second step."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_suspension"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [
        migrations.AddField("user", "second_step_due_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "handoff",
            "strength",
            models.CharField(
                choices=[
                    ("password", "Password"),
                    ("code", "Emailed code"),
                    ("second_step", "Two steps"),
                    ("passkey", "Passkey"),
                ],
                max_length=12,
            ),
        ),
    ]
