"""What is known of a file; its bytes are in the network's own folder."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tenant_apps.files.enums import IMAGES, MAX_FILE_BYTES, MAX_NAME_LENGTH, FileType
from tenant_apps.members.models import Member
from tenants.models import SchemaBoundModel


class StoredFile(SchemaBoundModel):
    """A file that hangs on a thing: `kind` names what `object_id` is, such as "reply".

    `path` is where its bytes are in the network's folder: random, and never told to anybody.
    """

    kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=MAX_NAME_LENGTH)
    content_type = models.CharField(max_length=100, choices=FileType)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=64, unique=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("created_at", "id")
        constraints = (
            models.CheckConstraint(
                name="file_size_in_bounds", condition=Q(size__gt=0) & Q(size__lte=4 * MAX_FILE_BYTES)
            ),
        )
        indexes = (models.Index(fields=["object_id", "created_at"], name="file_by_object"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Whether it is a picture that was made anew from its pixels, so that a browser may show it."""
        return self.content_type in IMAGES
