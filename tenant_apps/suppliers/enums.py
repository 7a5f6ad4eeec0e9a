"""What a school's recommendation is marked with, and how lists are sorted and narrowed."""

from django.db.models import TextChoices


class SizeBand(TextChoices):
    """How many pupils the school has, so coarsely that it does not name the school."""

    TINY = "under 100 pupils", "Under 100 pupils"
    SMALL = "100 to 210", "100 to 210 pupils"
    MEDIUM = "211 to 420", "211 to 420 pupils"
    LARGE = "421 to 1,000", "421 to 1,000 pupils"
    HUGE = "over 1,000", "Over 1,000 pupils"


class Phase(TextChoices):
    """Phases of education as the national register names them."""

    NURSERY = "Nursery", "Nursery"
    PRIMARY = "Primary", "Primary"
    MIDDLE_PRIMARY = "Middle deemed primary", "Middle deemed primary"
    SECONDARY = "Secondary", "Secondary"
    MIDDLE_SECONDARY = "Middle deemed secondary", "Middle deemed secondary"
    ALL_THROUGH = "All-through", "All-through"
    SIXTEEN_PLUS = "16 plus", "16 plus"
    NONE = "Not applicable", "Special, or another kind"


class ListOrder(TextChoices):
    """How the list is sorted; the value is in the address (`?sort=`)."""

    RECOMMENDED = "", "Most recommended"
    NAME = "name", "Name"
    NEWEST = "newest", "Newest"


class RecommendationView(TextChoices):
    """Which recommendations of a supplier are shown; the value is in the address (`?show=`)."""

    ALL = "", "All"
    HERE = "here", "This network"
    LIKE_YOURS = "like-yours", "Schools like yours"
    NOT_AGAIN = "not-again", "Would not use again"


RATING_WORDS = {5: "Very good", 4: "Good", 3: "Fair", 2: "Poor", 1: "Very poor"}

SHARE_KIND = "recommendation"


def size_band(pupils: int | None) -> str:
    """Return the band a number of pupils falls into, or nothing when the number is not known."""
    if pupils is None:
        return ""
    for limit, band in ((99, SizeBand.TINY), (210, SizeBand.SMALL), (420, SizeBand.MEDIUM), (1000, SizeBand.LARGE)):
        if pupils <= limit:
            return band.value
    return SizeBand.HUGE.value
