"""A restored copy remembers the network it is of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0007_template")]

    operations = [
        migrations.AddField(model_name="network", name="restored_from", field=models.UUIDField(null=True)),
    ]
