from django.db import migrations, models

import tenants.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("id", models.UUIDField(default=tenants.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("host", models.CharField(max_length=255)),
                ("pid", models.PositiveIntegerField()),
                ("job_id", models.UUIDField(null=True)),
                ("started_at", models.DateTimeField()),
                ("heartbeat_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "jobs_worker",
            },
        ),
        migrations.CreateModel(
            name="ScheduleSlot",
            fields=[
                ("id", models.UUIDField(default=tenants.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("slot", models.CharField(max_length=32)),
                ("network_id", models.UUIDField(null=True)),
                ("taken_at", models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
            options={
                "db_table": "jobs_schedule_slot",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "slot", "network_id"), name="jobs_slot_taken_once", nulls_distinct=False
                    )
                ],
            },
        ),
    ]
