"""What is counted of email."""

from django.db.models import TextChoices


class MailOutcome(TextChoices):
    """What became of a message; each is a column of a network's day."""

    SENT = "mail_sent", "Sent"
    BOUNCED = "mail_bounced", "Came back"
    COMPLAINED = "mail_complained", "Reported as unwanted"
    HELD = "mail_held", "Held"
