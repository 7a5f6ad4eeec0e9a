"""Suppliers, what schools say of them for others, and the private notes of one school."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from tenant_apps.members.models import Member
from tenant_apps.suppliers.enums import SizeBand
from tenants.models import SchemaBoundModel


class SupplierCategory(SchemaBoundModel):
    """A kind of service that schools buy."""

    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "name")
        verbose_name_plural = "supplier categories"
        constraints = (models.UniqueConstraint(Lower("name"), name="supplier_category_name_once"),)

    def __str__(self) -> str:
        return self.name


class Supplier(SchemaBoundModel):
    """A company that schools of this network use.

    `website_host` is what makes it the same company as one in another network. The counts and means repeat what its
    recommendations say, so that a list needs no join; `again_count` counts those who would use it again.
    """

    name = models.CharField(max_length=120)
    website = models.CharField(max_length=200, blank=True)
    website_host = models.CharField(max_length=120, blank=True, editable=False)
    description = models.TextField(max_length=2000, blank=True)
    categories = models.ManyToManyField(SupplierCategory, through="SupplierListing", related_name="suppliers")
    is_archived = models.BooleanField(default=False)
    hidden_at = models.DateTimeField(null=True, help_text="Since when a moderator hides its description.")
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    recommendation_count = models.PositiveIntegerField(default=0)
    again_count = models.PositiveIntegerField(default=0)
    mean_response = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    mean_quality = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    mean_value = models.DecimalField(max_digits=3, decimal_places=2, null=True)

    class Meta:
        ordering = ("-again_count", "-recommendation_count", "name", "id")
        constraints = (
            models.UniqueConstraint(Lower("name"), name="supplier_name_once"),
            models.UniqueConstraint(
                name="supplier_website_once", fields=["website_host"], condition=~Q(website_host="")
            ),
            models.CheckConstraint(name="supplier_name_is_there", condition=~Q(name="")),
            models.CheckConstraint(
                name="supplier_host_with_website",
                condition=Q(website="", website_host="") | (~Q(website="") & ~Q(website_host="")),
            ),
            models.CheckConstraint(
                name="supplier_counts_agree", condition=Q(again_count__lte=F("recommendation_count"))
            ),
            models.CheckConstraint(
                name="supplier_means_with_recommendations",
                condition=Q(
                    recommendation_count=0,
                    mean_response__isnull=True,
                    mean_quality__isnull=True,
                    mean_value__isnull=True,
                )
                | Q(
                    recommendation_count__gt=0,
                    mean_response__range=(1, 5),
                    mean_quality__range=(1, 5),
                    mean_value__range=(1, 5),
                ),
            ),
        )
        indexes = (
            models.Index(
                fields=["-again_count", "-recommendation_count", "name", "id"],
                name="supplier_recommended",
                condition=Q(is_archived=False),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_example(self) -> bool:
        """Whether it was made up to show how a supplier looks; who added it is read for it."""
        return self.created_by.is_example

    @property
    def shown_description(self) -> str:
        """What it says, unless a moderator hides that."""
        return "" if self.hidden_at else self.description

    @property
    def mean(self) -> Decimal | None:
        """The mean of the three means, or None without recommendations."""
        if self.mean_response is None or self.mean_quality is None or self.mean_value is None:
            return None
        return (self.mean_response + self.mean_quality + self.mean_value) / 3


class SupplierListing(SchemaBoundModel):
    """A supplier stands in a category."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="listings")
    category = models.ForeignKey(SupplierCategory, on_delete=models.PROTECT, related_name="listings")

    class Meta:
        constraints = (models.UniqueConstraint(name="supplier_listing_once", fields=["supplier", "category"]),)

    def __str__(self) -> str:
        return f"{self.supplier_id} in {self.category_id}"


def _mark(label: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, validators=[MinValueValidator(1), MaxValueValidator(5)])


class Recommendation(SchemaBoundModel):
    """What one member says of a supplier for others; phase and size are of their school when they said it.

    `publication_id` is set while it is shared with the Collective. One that a moderator hides is seen by its author
    and by moderators, and does not count.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="recommendations")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="recommendations")
    response = _mark("response")
    quality = _mark("quality")
    value = _mark("value")
    would_use_again = models.BooleanField()
    text = models.TextField()
    phase = models.CharField(max_length=40, blank=True)
    size = models.CharField(max_length=20, choices=SizeBand, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True)
    publication_id = models.UUIDField(null=True, unique=True)
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="recommendation_once", fields=["supplier", "author"]),
            models.CheckConstraint(
                name="recommendation_marks_one_to_five",
                condition=Q(response__range=(1, 5), quality__range=(1, 5), value__range=(1, 5)),
            ),
            models.CheckConstraint(
                name="recommendation_size_known", condition=Q(size="") | Q(size__in=SizeBand.values)
            ),
        )
        indexes = (models.Index(fields=["supplier", "-created_at", "-id"], name="recommendation_by_supplier"),)

    def __str__(self) -> str:
        return f"{self.author_id} of {self.supplier_id}"

    @property
    def is_shared(self) -> bool:
        """Whether others see it in the Collective now."""
        return self.publication_id is not None


class ServiceNote(SchemaBoundModel):
    """A dated note on a supplier that stays in one school.

    Only its author and colleagues with a current posting at `school_id` see it, so it is in no list, search, feed or
    publication. The school's name is a copy, for the page to say who sees the note.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="service_notes")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    school_id = models.UUIDField(null=True)
    school_name = models.CharField(max_length=200, blank=True)
    happened_on = models.DateField()
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-happened_on", "-id")
        indexes = (
            models.Index(fields=["supplier", "school_id", "-happened_on", "-id"], name="note_by_school"),
            models.Index(fields=["author"], name="note_by_author"),
        )

    def __str__(self) -> str:
        return f"Note of {self.happened_on}"
