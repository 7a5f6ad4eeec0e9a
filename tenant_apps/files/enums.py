"""The kinds of file that are taken, and how many of what size."""

from django.db.models import TextChoices

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_FILES = 10
INCLUDED_BYTES = 10 * 1024**3  # what a network has room for; nobody is stopped there while no plan has a limit
MAX_NAME_LENGTH = 100


class FileType(TextChoices):
    """What content can be; the value is the type it is served as."""

    JPEG = "image/jpeg", "Picture"
    PNG = "image/png", "Picture"
    WEBP = "image/webp", "Picture"
    PDF = "application/pdf", "PDF"
    WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word document"
    EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel workbook"
    POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPoint slides"
    ODT = "application/vnd.oasis.opendocument.text", "Document"
    ODS = "application/vnd.oasis.opendocument.spreadsheet", "Spreadsheet"
    ODP = "application/vnd.oasis.opendocument.presentation", "Slides"
    CSV = "text/csv", "CSV"
    TEXT = "text/plain", "Text"


IMAGES = (FileType.JPEG, FileType.PNG, FileType.WEBP)
EXTENSIONS = {
    FileType.JPEG: "jpg",
    FileType.PNG: "png",
    FileType.WEBP: "webp",
    FileType.PDF: "pdf",
    FileType.WORD: "docx",
    FileType.EXCEL: "xlsx",
    FileType.POWERPOINT: "pptx",
    FileType.ODT: "odt",
    FileType.ODS: "ods",
    FileType.ODP: "odp",
    FileType.CSV: "csv",
    FileType.TEXT: "txt",
}
ACCEPT = ",".join((".jpeg", ".gif", *(f".{each}" for each in EXTENSIONS.values())))
