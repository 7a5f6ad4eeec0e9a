"""When the name servers of a domain last answered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("domains", "0001_initial")]

    operations = [migrations.AddField("owndomain", "answered_at", models.DateTimeField(null=True))]
