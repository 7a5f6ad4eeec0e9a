"""The words of the emails about a network's own domain."""

from shared_apps.domains.enums import Change
from shared_apps.domains.models import OwnDomain
from tenants.selectors import first_host_of


def words_of(domain: OwnDomain, change: Change) -> tuple[str, list[str]]:
    """Return the subject and the paragraphs of the email about a change."""
    host, first = domain.host, first_host_of(domain.network)
    match change:
        case Change.LIVE:
            said = f"Links lead to {host} from now on. {first} goes on answering, and email goes to and comes from it."
            return f"Your network answers at {host}", [said, "Everybody signs in once more there."]
        case Change.FAILING:
            said = f"The DNS records of {host} are not as they were: {domain.get_finding_display().lower()}."
            then = f"Mend them within seven days. After that the network answers at {first} alone."
            return f"The DNS records of {host} are wrong", [said, then]
        case Change.RECOVERED:
            return f"The DNS records of {host} are right again", ["There is nothing left to do."]
        case Change.LOST:
            said = f"Its DNS records were wrong for seven days. The network answers at {first} alone."
            return f"{host} is not your network’s address any more", [said, "When they are right, it is used again."]
        case _:
            said = f"The people who run the platform removed it. The network answers at {first} alone."
            return f"{host} is not your network’s address any more", [said]
