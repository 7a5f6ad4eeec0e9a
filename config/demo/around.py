"""What surrounds the discussions of the demonstration: wishes, emails that came in, reports, an old mailing list.

Each row finds its own work done, so that nothing comes back that somebody trying the demonstration has changed.
"""

from datetime import datetime
from email.message import EmailMessage
from io import BytesIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config import demo
from config.demo import Row
from config.demo.cast import Cast
from shared_apps.audit.services import Actor
from shared_apps.mail import services as mail
from shared_apps.mail.enums import InboundState
from shared_apps.mail.models import InboundMessage
from tenant_apps.discussions import selectors as discussions_read
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.importing.plan import make_plan
from tenant_apps.discussions.models import Archive, Category, Discussion, Reply
from tenant_apps.moderation import services as moderation
from tenant_apps.moderation.models import Act, Case, Report
from tenant_apps.notifications import services as notifications
from tenant_apps.notifications.enums import CATEGORY, NETWORK, Channel, Kind, Level
from tenant_apps.notifications.models import Follow
from tenants.context import in_network, this_network
from tenants.selectors import first_host_of


class Around:
    """Loads around.toml, row by row, with the cast's people and clock."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.titles = {each["key"]: each["title"] for each in demo.discussions()}

    def load(self) -> None:
        """Load everything but the categories, which come before the discussions."""
        kinds = {"wishes": self.wish, "emails": self.email, "reports": self.report, "archives": self.archive}
        for kind, take in kinds.items():
            for row in demo.surroundings(kind):
                with in_network(self.cast.networks[row["network"]]):
                    take(row)

    @transaction.atomic
    def wish(self, row: Row) -> None:
        """How much one member wants to hear, and when not."""
        member = self.cast.person(row["network"], row["member"])
        if Follow.objects.filter(member=member, kind=NETWORK).exists():
            return
        named = dict(Category.objects.values_list("name", "id"))
        wishes = notifications.Wishes(
            level=Level(row["level"]),
            levels={(CATEGORY, named[name]): Level(level) for name, level in row.get("categories", {}).items()},
            channels={Kind(kind): Channel(channel) for kind, channel in row.get("channels", {}).items()},
            times=row.get("times", {}),
        )
        notifications.save_wishes(member, wishes)

    def email(self, row: Row) -> None:
        """One message, read at once, and dated when it came."""
        if InboundMessage.objects.filter(message_id=row["id"]).exists():
            return
        to, at = f"{row['to']}@{first_host_of(this_network())}", self.cast.moment(row)
        raw, sender = _message(row, to=to, at=at), row["from"].partition("<")[2].rstrip(">")
        inbound_id = mail.receive(raw, to=to, mail_from=sender)
        notifications.read_inbound(inbound_id)
        InboundMessage.objects.filter(id=inbound_id).update(received_at=at)
        self._date_posted(InboundMessage.objects.get(id=inbound_id), at)

    def _date_posted(self, message: InboundMessage, at: datetime) -> None:
        if message.state != InboundState.POSTED:
            return
        for model in (Discussion, Reply):
            model.objects.filter(id=message.became_id).update(created_at=at)
        discussion_id = UUID(message.thread_key.partition(":")[2])
        Discussion.objects.filter(id=discussion_id).update(last_activity_at=at)

    @transaction.atomic
    def report(self, row: Row) -> None:
        """One report, and what a moderator decided where they have."""
        by, at = self.cast.person(row["network"], row["by"]), self.cast.moment(row)
        kind, thing_id = self._reported(row)
        if Report.objects.filter(member=by, case__object_id=thing_id).exists():
            return
        made = moderation.report(kind, thing_id, reason=row["reason"], words=row["words"], by=by)
        Report.objects.filter(id=made.id).update(created_at=at)
        if made.case.reports.count() == 1:
            Case.objects.filter(id=made.case_id).update(opened_at=at)
        if "decided" in row:
            self.decide(made.case, row["network"], row["decided"])

    def decide(self, case: Case, subdomain: str, row: Row) -> None:
        """What a moderator decided of a case."""
        by, at = self.cast.person(subdomain, row["by"]), self.cast.moment(row)
        act = moderation.decide(case, kind=row["kind"], reason=row["reason"], by=by)
        Act.objects.filter(id=act.id).update(at=at)
        Case.objects.filter(id=case.id).update(closed_at=at)

    def _reported(self, row: Row) -> tuple[str, UUID]:
        discussion = Discussion.objects.get(title=self.titles[row["discussion"]])
        if "reply_by" not in row:
            return "discussion", discussion.id
        author = self.cast.person(row["network"], row["reply_by"])
        return "reply", discussion.replies.filter(author=author).values_list("id", flat=True)[0]

    def archive(self, row: Row) -> None:
        """An old mailing list, brought in."""
        if Archive.objects.filter(name=row["file"]).exists():
            return
        file = BytesIO((demo.FOLDER / "archives" / row["file"]).read_bytes())
        plan = make_plan(file, known=discussions_read.archived_in, now=timezone.now())
        category = Category.objects.get(name=row["category"])
        by = Actor.system("command", label="demo")
        discussions.bring_planned(plan, file, name=row["file"], category=category, by=by)


def _message(row: Row, *, to: str, at: datetime) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = row["from"], to, row["subject"]
    message["Date"], message["Message-ID"] = at, f"<{row['id']}>"
    if "answers" in row:
        message["In-Reply-To"] = message["References"] = f"<{row['answers']}>"
    message.set_content(row["text"])
    return message.as_bytes()
