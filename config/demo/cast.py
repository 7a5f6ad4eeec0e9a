"""Who is who in the demonstration, and when things happened."""

from datetime import date, datetime, timedelta

from config import demo
from config.demo import Row
from tenant_apps.members.models import Member
from tenants.models import Network

RECENT_DAYS = 7  # what is older sends no email when it is loaded


class Cast:
    """The networks and their people by the keys that the files use, on the morning of `today`."""

    def __init__(self, networks: dict[str, Network], today: date) -> None:
        self.networks, self.today = networks, today
        self.people: dict[tuple[str, str], Member] = {}
        self.keys = {row["subdomain"]: {p["key"]: p["email"] for p in row["members"]} for row in demo.networks()}

    def person(self, subdomain: str, key: str) -> Member:
        """Return a member of the current network by the key that the files use."""
        if (subdomain, key) not in self.people:
            self.people[subdomain, key] = Member.objects.get(email=self.keys[subdomain][key])
        return self.people[subdomain, key]

    def key(self, subdomain: str, member: Member) -> str:
        """Return the key of a member in the files; nothing for who is not in them."""
        return next((key for key, email in self.keys[subdomain].items() if email == member.email), "")

    def moment(self, row: Row, prefix: str = "") -> datetime:
        """Return when a row happened."""
        return demo.moment(self.today, days_ago=row[f"{prefix}days_ago"], time=row.get(f"{prefix}time", "12:00"))

    def is_recent(self, at: datetime) -> bool:
        """Whether members are still told of it."""
        return at.date() >= self.today - timedelta(days=RECENT_DAYS)
