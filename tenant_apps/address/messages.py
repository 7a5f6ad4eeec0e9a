"""The words of the emails about a network's own domain."""

from shared_apps.domains.enums import Change
from shared_apps.domains.models import OwnDomain
from tenants.selectors import first_host_of


def words_of(domain: OwnDomain, change: Change) -> tuple[str, list[str]]:
    """Return the subject and the paragraphs of the email about a change."""
    host, first = domain.host, first_host_of(domain.network)
    finding = domain.get_finding_display()
    match change:
        case Change.LIVE:
            said = f"Links lead to {host} from now on. {first} goes on answering, and email goes to and comes from it."
            return f"Your network answers at {host}", [said, "Everybody signs in once more there."]
        case Change.FAILING:
            said = f"The DNS records of {host} are not as they were: {finding[0].lower()}{finding[1:]}."
            then = f"Until they are right again, links lead to {first}, and everybody signs in there."
            after = "Mend them within seven days. After that you have to show anew that the domain is yours."
            return f"The DNS records of {host} are wrong", [said, then, after]
        case Change.RECOVERED:
            said = f"Links lead to {host} again. Everybody signs in once more there."
            return f"The DNS records of {host} are right again", [said]
        case Change.LOST:
            said = f"Its DNS records were wrong for seven days. The network answers at {first} alone."
            then = "To use it again, set the TXT record that the page shows now. The one you had is worth nothing."
            return f"{host} is not your network’s address any more", [said, then]
        case _:
            said = f"The people who run the platform removed it. The network answers at {first} alone."
            return f"{host} is not your network’s address any more", [said]
