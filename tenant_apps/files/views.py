"""The one way to a file's bytes, and removing it."""

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from shared_apps.core.flash import say
from tenant_apps.files import permissions, selectors, services, storing
from tenant_apps.files.models import StoredFile
from tenant_apps.members.permissions import member_required

# Whatever a browser makes of it, it runs nothing, loads nothing, is in nobody's frame, and no other site can use it.
HARMLESS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",  # kept, and asked for again, so that what was hidden is gone
}


@require_safe
@member_required
def file_content(request: HttpRequest, file_id: UUID, name: str) -> HttpResponse:
    """Serve a file to who sees what it hangs on; only pictures, which were made anew, may be shown in the browser."""
    file = _file_or_404(request, file_id, name)
    etag = f'"{file.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=HARMLESS | {"ETag": etag})
    try:
        content = storing.read(file.path)
    except FileNotFoundError as error:
        raise Http404 from error
    disposition = content_disposition_header(not file.is_image, file.name) or "attachment"
    headers = HARMLESS | {"ETag": etag, "Content-Disposition": disposition}
    return HttpResponse(content, content_type=_header_type(file), headers=headers)


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


def _header_type(file: StoredFile) -> str:
    return f"{file.content_type}; charset=utf-8" if file.content_type.startswith("text/") else file.content_type
