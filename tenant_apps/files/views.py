"""The one way to a file's bytes, and removing it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from shared_apps.core.flash import say
from tenant_apps.files import permissions, selectors, services
from tenant_apps.files.models import StoredFile
from tenant_apps.files.serving import answer_with
from tenant_apps.members.permissions import member_required


@require_safe
@member_required
def file_content(request: HttpRequest, file_id: UUID, name: str) -> HttpResponse:
    """Serve a file to who sees what it hangs on."""
    file = _file_or_404(request, file_id, name)
    try:
        return answer_with(file, known_etag=request.headers.get("If-None-Match"))
    except FileNotFoundError as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def file_remove(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Ask whether to remove a file, and remove it."""
    file = _file_or_404(request, file_id)
    if not permissions.can_remove(request.member, file):
        raise Http404
    back = permissions.page_of(file)
    if request.method == "POST":
        services.remove_file(file, by=request.member)
        say(request, f"{file.name} is removed.")
        return redirect(back)
    return render(request, "files/file_remove.html", {"file": file, "back": back})


def _file_or_404(request: HttpRequest, file_id: UUID, name: str | None = None) -> StoredFile:
    file = selectors.get_file(file_id)
    if file is None or name not in (None, file.name) or not permissions.can_see(request.member, file):
        raise Http404
    return file
