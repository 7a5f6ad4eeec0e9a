import django.utils.timezone
from django.db import migrations, models

import tenants.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.UUIDField(default=tenants.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_label", models.CharField(blank=True, max_length=60)),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("api", "API"),
                            ("command", "Command"),
                            ("job", "Job"),
                            ("system", "System"),
                        ],
                        max_length=8,
                    ),
                ),
                ("address", models.GenericIPAddressField(null=True)),
                ("target_kind", models.CharField(blank=True, max_length=60)),
                ("target_id", models.UUIDField(null=True)),
                ("fields", models.JSONField(default=list)),
                ("details", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "audit_event",
                "ordering": ("-id",),
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["target_kind", "target_id"], name="audit_by_target"),
                    models.Index(fields=["actor_id"], name="audit_by_actor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlatformEvent",
            fields=[
                ("name", models.CharField(max_length=100)),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_label", models.CharField(blank=True, max_length=60)),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("api", "API"),
                            ("command", "Command"),
                            ("job", "Job"),
                            ("system", "System"),
                        ],
                        max_length=8,
                    ),
                ),
                ("address", models.GenericIPAddressField(null=True)),
                ("target_kind", models.CharField(blank=True, max_length=60)),
                ("target_id", models.UUIDField(null=True)),
                ("fields", models.JSONField(default=list)),
                ("details", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("id", models.UUIDField(default=tenants.ids.new_id, editable=False, primary_key=True, serialize=False)),
            ],
            options={
                "db_table": "audit_platform_event",
                "ordering": ("-id",),
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["target_kind", "target_id"], name="audit_platform_by_target"),
                    models.Index(fields=["actor_id"], name="audit_platform_by_actor"),
                ],
            },
        ),
    ]
