"""Why an act is not possible, in words for the person; and the tidying of texts, which raises them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenant_apps.suppliers.models import Recommendation, Supplier


class SupplierError(Exception):
    """The act is not possible; the message says why, and what to do. `field` names what was wrong, if one thing was."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotAllowedError(SupplierError):
    """This member may not do that."""


class AlreadyListedError(SupplierError):
    """The same company stands here already, as `supplier`."""

    def __init__(self, supplier: "Supplier") -> None:
        super().__init__(f"{supplier.name} is here already.")
        self.supplier = supplier


class AlreadyRecommendedError(SupplierError):
    """This member has said what they think already, in `recommendation`; they can change that."""

    def __init__(self, recommendation: "Recommendation") -> None:
        super().__init__("You have recommended this supplier already. Change what you said instead.")
        self.recommendation = recommendation


def tidy_line(text: str, *, field: str, longest: int, missing: str = "") -> str:
    """Return one line of text without spaces too many; raises SupplierError when it is missing or too long."""
    return _checked(" ".join(text.replace("\x00", "").split()), field, longest, missing)


def tidy_text(text: str, *, field: str, longest: int, missing: str = "") -> str:
    """Return text of several lines; raises SupplierError when it is missing or too long."""
    return _checked(text.replace("\x00", "").replace("\r\n", "\n").strip(), field, longest, missing)


def _checked(tidy: str, field: str, longest: int, missing: str) -> str:
    if missing and not tidy:
        raise SupplierError(missing, field=field)
    if len(tidy) > longest:
        raise SupplierError(f"At most {longest:,} characters. Shorten what you wrote.", field=field)
    return tidy
