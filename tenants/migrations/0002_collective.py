"""Makes the Collective's schema and its row, so that its apps are migrated with everybody else's."""

from django.db import migrations

import tenants.ids

ROW = """
INSERT INTO tenants_network (
    id, schema_name, type, name, subdomain, state, failed_step, owner_email, colour, region, created_at, state_changed_at
) VALUES (%s, 'collective', 'collective', 'The Collective', 'collective', 'live', '', '', '#3a3f94', '', now(), now())
ON CONFLICT (schema_name) DO NOTHING
"""


class Migration(migrations.Migration):
    """Plain SQL in the public schema."""

    dependencies = [("tenants", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SCHEMA IF NOT EXISTS collective", migrations.RunSQL.noop),
        migrations.RunSQL([(ROW, [str(tenants.ids.new_id())])], migrations.RunSQL.noop),
    ]
