"""A digest that may not have arrived is doubtful."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("mail", "0003_outbound"),)

    operations = (
        migrations.AlterField(
            model_name="digest",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("sending", "Being sent"),
                    ("sent", "Sent"),
                    ("doubt", "May have been sent"),
                    ("empty", "Nothing to say"),
                    ("failed", "Failed"),
                ],
                default="planned",
                max_length=7,
            ),
        ),
    )
