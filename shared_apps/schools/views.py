"""Pages of the register: finding a school, choosing one, and what the register says of it."""

from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from shared_apps.schools import selectors
from shared_apps.schools.forms import SchoolSearchForm
from shared_apps.schools.models import School

_MOST = 20
_OFFICIAL_PAGE = "https://get-information-schools.service.gov.uk/Establishments/Establishment/Details/{}"


@require_safe
@login_required
def school_picker(request: HttpRequest) -> HttpResponse:
    """Find a school; with `next`, choose one and go there with `school=<id>`."""
    asked = SchoolSearchForm(request.GET).values()
    query = str(asked["q"])
    found = selectors.search_schools(query, open_only=not asked["closed"], limit=_MOST) if query else []
    target = urlsplit(str(asked["next"]))
    context = {
        "query": query,
        "closed": asked["closed"],
        "schools": found,
        "is_full": len(found) == _MOST,
        "kept": [(name, value) for name, value in asked.items() if value and name != "q"],
        "other_url": "?"
        + urlencode({"q": query, "next": asked["next"]} | ({} if asked["closed"] else {"closed": "on"})),
        "target": target.path,
        "target_fields": [(name, value) for name, value in parse_qsl(target.query) if name != "school"],
    }
    return render(request, "schools/school_picker.html", context)


@require_safe
@login_required
def school_detail(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Show what the register says of one school, and what came before and after it."""
    try:
        school = selectors.get_school(school_id)
    except School.DoesNotExist:
        raise Http404 from None
    context = {
        "school": school,
        "facts": _facts(school),
        "successors": selectors.successors(school),
        "predecessors": selectors.predecessors(school),
        "official_url": _OFFICIAL_PAGE.format(school.urn),
    }
    return render(request, "schools/school_detail.html", context)


def _facts(school: School) -> list[tuple[str, str]]:
    address = (school.street, school.locality, school.address3, school.town, school.county, school.postcode)
    facts = [
        ("URN", str(school.urn)),
        ("UKPRN", school.ukprn),
        ("Status", school.get_status_display()),
        ("Opened", f"{school.opened_date:%-d %B %Y}" if school.opened_date else ""),
        ("Closed" if not school.is_open else "Closes", f"{school.closed_date:%-d %B %Y}" if school.closed_date else ""),
        ("Type", school.type_name),
        ("Phase", school.phase_name),
        ("Pupils", f"{school.pupils:,}" if school.pupils is not None else ""),
        ("Local authority", school.authority_name),
        ("Trust", school.trust.name if school.trust else ""),
        ("Address", ", ".join(part for part in address if part)),
    ]
    return [(name, value) for name, value in facts if value]
