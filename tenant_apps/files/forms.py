"""The field that takes files, with or without a script."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from tenant_apps.files.enums import ACCEPT, MAX_FILE_BYTES, MAX_FILES
from tenant_apps.files.services import FileRefusedError, Prepared, prepare

LIMITS = (
    f"Up to {MAX_FILES} files of {MAX_FILE_BYTES // 1024**2} MB each: pictures, PDF, Word, Excel, PowerPoint, CSV or "
    "text. Where and when a picture was taken is removed from it."
)


class FilesInput(forms.FileInput):
    """The browser's own control, for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each checked by its content; a refusal names the file and says why."""

    widget = FilesInput(attrs={"accept": ACCEPT})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "label": "Files", "help_text": LIMITS} | kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Prepared]:
        """Return what can be stored."""
        given: list[UploadedFile] = list(filter(None, data)) if isinstance(data, list | tuple) else []
        if len(given) > MAX_FILES:
            raise ValidationError(f"Choose at most {MAX_FILES} files.")
        found, refused = [], []
        for each in given:
            try:
                found.append(prepare(each.name or "", each.read()))
            except FileRefusedError as error:
                refused.append(f"{_shown(each.name)} {error}")
        if refused:
            raise ValidationError(refused)
        return found


class WithFiles(forms.Form):
    """A form that takes files; a browser does not keep them when it is shown again."""

    files = FilesField()

    def clean(self) -> dict[str, Any]:
        """Say that files must be chosen again where something else is wrong."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors and "files" not in self.errors and cleaned.get("files"):
            self.add_error("files", "Choose your files again: the browser does not keep them.")
        return cleaned


def _shown(name: str | None) -> str:
    return "".join(each for each in name or "" if each.isprintable())[-80:] or "This file"
