"""Who owns a network, in public, where every host can see that a password alone is too little for them."""

from django.db import migrations, models

OWNERS = """
DO $$
DECLARE network record;
BEGIN
    FOR network IN SELECT id, schema_name FROM tenants_network WHERE type = 'network' LOOP
        IF to_regclass(format('%I.members_member', network.schema_name)) IS NOT NULL THEN
            EXECUTE format(
                'UPDATE accounts_networkaccess AS access SET needs_second_step = true FROM %I.members_member AS member'
                ' WHERE access.network_id = $1 AND access.account_id = member.account_id AND member.role = ''owner''',
                network.schema_name
            ) USING network.id;
        END IF;
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_second_step")]

    operations = [
        migrations.AddField("networkaccess", "needs_second_step", models.BooleanField(default=False, db_default=False)),
        migrations.RunSQL([OWNERS], migrations.RunSQL.noop),
    ]
