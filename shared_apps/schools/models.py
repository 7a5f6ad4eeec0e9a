"""Schools, trusts and local authorities as the national register has them, and the imports that brought them."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q

from shared_apps.schools.enums import OPEN_STATUSES, ImportedFile, ImportState, LinkKind, RowChange, SchoolStatus
from tenants.ids import new_id


def one_line(place: str, postcode: str, authority: str, phase: str, urn: int, status: str) -> str:
    """Return what tells schools of one name apart: "Gravesend DA11 9QZ, Kent, Primary, URN 141580"."""
    where = f"{place} {postcode}".strip()
    told = "" if status == SchoolStatus.OPEN.label else status
    parts = (where, "" if authority == place else authority, phase, f"URN {urn}", told)
    return ", ".join(part for part in parts if part)


_KINDS = ("Special", "Independent", "Alternative provision")  # words in the types of schools that have no phase


class LocalAuthority(models.Model):
    """A local authority; its code is DfE's three figures."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "local authorities"

    def __str__(self) -> str:
        return self.name


class Trust(models.Model):
    """A trust; its UID is DfE's number of the group."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    uid = models.CharField("UID", max_length=10, unique=True)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    """An establishment of the register. Only the import writes here; what it may overwrite is DfE's, not ours."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    urn = models.PositiveIntegerField("URN", unique=True)
    name = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField(choices=SchoolStatus)
    is_open = models.GeneratedField(
        expression=models.ExpressionWrapper(Q(status__in=OPEN_STATUSES), output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    opened_date = models.DateField(null=True, blank=True)
    closed_date = models.DateField(null=True, blank=True)
    type_code = models.CharField(max_length=10, blank=True)
    type_name = models.CharField(max_length=100, blank=True)
    phase_code = models.CharField(max_length=10, blank=True)
    phase_name = models.CharField(max_length=100, blank=True)
    pupils = models.PositiveIntegerField(null=True, blank=True)
    ukprn = models.CharField("UKPRN", max_length=10, blank=True)
    establishment_number = models.CharField(max_length=10, blank=True)
    local_authority = models.ForeignKey(LocalAuthority, models.PROTECT, null=True, blank=True, related_name="schools")
    trust = models.ForeignKey(Trust, models.PROTECT, null=True, blank=True, related_name="schools")
    street = models.CharField(max_length=200, blank=True)
    locality = models.CharField(max_length=200, blank=True)
    address3 = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=100, blank=True)
    county = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    easting = models.PositiveIntegerField(null=True, blank=True)
    northing = models.PositiveIntegerField(null=True, blank=True)
    last_changed_date = models.DateField(null=True, blank=True)

    # In the words of `matching`: the name, where the school is, its numbers, and what else may be typed.
    search_name = models.CharField(max_length=300, blank=True, editable=False)
    search_place = models.TextField(blank=True, editable=False)
    search_numbers = models.TextField(blank=True, editable=False)
    search_more = models.TextField(blank=True, editable=False)
    search_vector = models.GeneratedField(
        expression=SearchVector("search_name", weight="A", config="simple")
        + SearchVector("search_place", weight="B", config="simple")
        + SearchVector("search_numbers", weight="C", config="simple")
        + SearchVector("search_more", weight="D", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ("name", "town", "urn")
        indexes = (
            GinIndex(fields=["search_vector"], name="school_search", fastupdate=False),
            models.Index(OpClass(F("search_name"), name="text_pattern_ops"), name="school_search_name"),
        )
        constraints = (
            models.CheckConstraint(name="school_status_known", condition=Q(status__in=SchoolStatus.values)),
            models.CheckConstraint(name="school_has_name", condition=~Q(name="")),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.urn})"

    @property
    def authority_name(self) -> str:
        """The local authority's name, empty for schools overseas."""
        return self.local_authority.name if self.local_authority else ""

    @property
    def phase(self) -> str:
        """The phase; where the register gives none, Special or Independent by the type, or the type itself."""
        kind = self.type_name.lower()
        return self.phase_name or next((word for word in _KINDS if word.lower() in kind), self.type_name)

    @property
    def place(self) -> str:
        """The town, or the nearest thing to it that the register has."""
        return self.town or self.address3 or self.locality or self.county

    @property
    def line(self) -> str:
        """The line under the name that tells schools of one name apart."""
        return one_line(self.place, self.postcode, self.authority_name, self.phase, self.urn, self.get_status_display())


class SchoolLink(models.Model):
    """One line of DfE's links: `linked` is the successor, or the predecessor, of `school`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="links")
    linked = models.ForeignKey(School, models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=12, choices=LinkKind)
    link_type = models.CharField(max_length=100)
    established_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint("school", "linked", "link_type", name="school_link_once"),)

    def __str__(self) -> str:
        return f"{self.school_id} {self.link_type} {self.linked_id}"


class SchoolWord(models.Model):
    """A word of the register's search index, and how many schools have it; typing errors are corrected to these."""

    word = models.CharField(max_length=200, primary_key=True)
    schools = models.PositiveIntegerField()

    class Meta:
        indexes = (GinIndex(OpClass(F("word"), name="gin_trgm_ops"), name="school_word_trigrams", fastupdate=False),)

    def __str__(self) -> str:
        return self.word


class RegisterImport(models.Model):
    """One run of an import and what it found; the counts are of rows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file_name = models.CharField(max_length=255)
    file_date = models.DateField(null=True, blank=True)
    links_file_name = models.CharField(max_length=255, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=ImportState)
    error = models.TextField(blank=True)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    unreadable = models.PositiveIntegerField(default=0)
    links_added = models.PositiveIntegerField(default=0)
    links_changed = models.PositiveIntegerField(default=0)
    links_unchanged = models.PositiveIntegerField(default=0)
    links_unknown_school = models.PositiveIntegerField(default=0)
    links_unreadable = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-started_at",)
        indexes = (models.Index(fields=["state", "-started_at"], name="register_import_latest"),)

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"


class RegisterImportRow(models.Model):
    """What an import did with one line of a file."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    register_import = models.ForeignKey(RegisterImport, models.CASCADE, related_name="rows")
    file = models.CharField(max_length=8, choices=ImportedFile, default=ImportedFile.SCHOOLS)
    line = models.PositiveIntegerField()
    change = models.CharField(max_length=16, choices=RowChange)
    school = models.ForeignKey(School, models.SET_NULL, null=True, blank=True, related_name="import_rows")
    detail = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=["register_import", "file", "line"], name="import_row_in_order"),)

    def __str__(self) -> str:
        return f"{self.file} line {self.line}: {self.change}"
