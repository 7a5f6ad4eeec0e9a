"""The answer that holds a file: whatever a browser makes of it, nothing in it runs."""

from http import HTTPStatus

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from tenant_apps.files import storing
from tenant_apps.files.models import StoredFile

# It runs nothing, loads nothing, stands in nobody's frame, and no other site can use it.
HARMLESS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",  # kept, and asked for again, so that what was hidden is gone
}


def answer_with(file: StoredFile, *, known_etag: str | None = None) -> HttpResponse:
    """Return a file's content, or 304 for who has it; raises FileNotFoundError.

    Only pictures, which were made anew from their pixels, may be shown in the browser; all else is downloaded.
    """
    etag = f'"{file.sha256}"'
    if known_etag == etag:
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=HARMLESS | {"ETag": etag})
    disposition = content_disposition_header(not file.is_image, file.name) or "attachment"
    headers = HARMLESS | {"ETag": etag, "Content-Disposition": disposition}
    return HttpResponse(storing.read(file.path), content_type=_header_type(file), headers=headers)


def _header_type(file: StoredFile) -> str:
    return f"{file.content_type}; charset=utf-8" if file.content_type.startswith("text/") else file.content_type
