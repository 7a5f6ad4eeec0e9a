from django.db import migrations, models

import tenants.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=tenants.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=60)),
                ("host", models.CharField(max_length=255)),
                ("to_address", models.EmailField(max_length=254)),
                ("to_account_id", models.UUIDField(null=True)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("headers", models.JSONField(default=dict)),
                ("thread_key", models.CharField(blank=True, max_length=100)),
                ("dedupe_key", models.CharField(max_length=200, null=True, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "Queued"), ("sent", "Sent"), ("failed", "Failed")],
                        default="queued",
                        max_length=6,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=60)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("delete_after", models.DateTimeField()),
            ],
            options={
                "db_table": "mail_message",
                "ordering": ("-id",),
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["to_address", "thread_key"], name="mail_by_thread"),
                    models.Index(fields=["delete_after"], name="mail_by_end"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sent_at__isnull", True), ("state", "sent"), _connector="XOR"),
                        name="mail_sent_has_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlatformMessage",
            fields=[
                ("kind", models.CharField(max_length=60)),
                ("host", models.CharField(max_length=255)),
                ("to_address", models.EmailField(max_length=254)),
                ("to_account_id", models.UUIDField(null=True)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("headers", models.JSONField(default=dict)),
                ("thread_key", models.CharField(blank=True, max_length=100)),
                ("dedupe_key", models.CharField(max_length=200, null=True, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "Queued"), ("sent", "Sent"), ("failed", "Failed")],
                        default="queued",
                        max_length=6,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=60)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("delete_after", models.DateTimeField()),
                ("id", models.UUIDField(default=tenants.ids.new_id, editable=False, primary_key=True, serialize=False)),
            ],
            options={
                "db_table": "mail_platform_message",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["host"], name="mail_platform_by_host"),
                    models.Index(fields=["delete_after"], name="mail_platform_by_end"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sent_at__isnull", True), ("state", "sent"), _connector="XOR"),
                        name="mail_platform_sent_has_time",
                    )
                ],
            },
        ),
    ]
