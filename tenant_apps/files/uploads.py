"""Takes no more of an upload than may be kept; Django itself would fill the disk first and look at it then."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from tenant_apps.files.enums import MAX_FILE_BYTES, MAX_FILES

LARGEST_REQUEST = (MAX_FILES + 2) * MAX_FILE_BYTES  # some files may be too large, and a form tells which


_larger: dict[str, int] = {}


def take_larger(path: str, largest: int) -> None:
    """Let the form at an address take a file of up to so many bytes."""
    _larger[path] = largest


class BoundedUploadHandler(FileUploadHandler):
    """Stands before Django's own: lets one byte too many through, so that a form can say so."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:  # noqa: N803 - Django's name
        """Refuse at once what is larger than all files of a form together."""
        self._largest = _larger.get(META.get("PATH_INFO", ""), MAX_FILE_BYTES)
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig("The files of one form are too large together.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)
        self._left = self._largest + 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a part on, as far as it fits."""
        part = raw_data[: self._left]
        self._left -= len(part)
        return part or None

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
