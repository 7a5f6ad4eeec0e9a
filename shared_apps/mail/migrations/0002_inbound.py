import django.utils.timezone
from django.db import migrations, models

import tenants.ids


class Migration(migrations.Migration):
    dependencies = [("mail", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="InboundMessage",
            fields=[
                ("id", models.UUIDField(default=tenants.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("message_id", models.CharField(max_length=255)),
                ("mail_from", models.CharField(blank=True, max_length=320)),
                ("from_address", models.CharField(max_length=320)),
                ("to_address", models.CharField(max_length=320)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("raw", models.BinaryField()),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Waiting to be read"),
                            ("posted", "Posted"),
                            ("held", "Held for an organiser"),
                            ("ignored", "Ignored"),
                            ("failed", "Sent back"),
                            ("discarded", "Discarded"),
                        ],
                        default="received",
                        max_length=9,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("unknown_sender", "Nobody here has this address"),
                            ("not_theirs", "It answers an email that was sent to somebody else"),
                            ("unreadable", "It could not be read"),
                            ("automatic", "An automatic reply"),
                            ("bounce", "An email of ours that could not be delivered"),
                            ("loop", "An email of ours that came back"),
                            ("too_many", "Too many from one sender in an hour"),
                            ("same_message", "The same message came to another address"),
                            ("no_place", "What it answers is no longer there"),
                            ("refused", "It could not be posted"),
                        ],
                        max_length=14,
                    ),
                ),
                ("member_id", models.UUIDField(null=True)),
                ("became_kind", models.CharField(blank=True, max_length=40)),
                ("became_id", models.UUIDField(null=True)),
                ("thread_key", models.CharField(blank=True, max_length=100)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("delete_after", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "mail_inbound",
                "ordering": ("-received_at", "-id"),
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["state", "-received_at", "-id"], name="mail_inbound_by_state"),
                    models.Index(fields=["from_address", "-received_at"], name="mail_inbound_by_sender"),
                    models.Index(
                        condition=models.Q(("became_id__isnull", False)),
                        fields=["became_id"],
                        name="mail_inbound_became",
                    ),
                    models.Index(
                        condition=models.Q(("delete_after__isnull", False)),
                        fields=["delete_after"],
                        name="mail_inbound_by_end",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message_id", "from_address", "to_address"), name="mail_inbound_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("became_id__isnull", False), ("became_kind__gt", "")),
                            models.Q(
                                models.Q(("state", "posted"), _negated=True),
                                ("became_id__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="mail_inbound_posted_became",
                    ),
                ],
            },
        ),
    ]
