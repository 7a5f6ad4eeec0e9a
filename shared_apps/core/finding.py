"""What an address names, or the answer that there is nothing there."""

from django.http import Http404


def found_or_404[Thing](found: Thing | None) -> Thing:
    """Return what a selector found; raises Http404 for None."""
    if found is None:
        raise Http404
    return found
