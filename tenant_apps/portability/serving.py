"""The answer that holds an archive: a download that nothing between keeps."""

from typing import BinaryIO

from django.http import FileResponse

from tenant_apps.portability.models import Export
from tenants.context import this_network


def answer_with(export: Export, file: BinaryIO) -> FileResponse:
    """Return an archive, named after the network and the day."""
    name = f"{this_network().subdomain}-{export.asked_at:%Y-%m-%d}.zip"
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip", headers=headers)
