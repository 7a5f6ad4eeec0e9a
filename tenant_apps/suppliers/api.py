"""Suppliers and what schools say of them, for programs. Service notes have no resource."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination
from shared_apps.api.rest.problems import ConflictError
from shared_apps.api.rest.resources import Resource, valid_body
from tenant_apps.members.permissions import caller
from tenant_apps.suppliers import selectors, services
from tenant_apps.suppliers.models import Recommendation, Supplier, SupplierCategory
from tenant_apps.suppliers.serializers import (
    NewRecommendationSerializer,
    NewSupplierSerializer,
    RecommendationChangeSerializer,
    RecommendationSerializer,
    SupplierChangeSerializer,
    SupplierSerializer,
)


class ByName(SignedCursorPagination):
    """In the order of the alphabet."""

    ordering = ("name", "id")


class NewestFirst(SignedCursorPagination):
    """In the order of the page."""

    ordering = ("-created_at", "-id")


class SupplierResource(Resource):
    """The directory of this network."""

    serializer_class = SupplierSerializer
    pagination_class = ByName

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Words that occur in the name, a category or the description."),
            OpenApiParameter("category", str, description="The name of a category."),
        ]
    )
    def list(self, request: Request) -> Response:
        """List suppliers, by name."""
        caller(request)
        asked = request.query_params
        found = selectors.suppliers(search=asked.get("q", "")[:200], category=asked.get("category", "")[:60])
        return self.get_paginated_response(self._data(self.paginate_queryset(found), many=True))

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one supplier."""
        return Response(self._data(_supplier_or_404(request, pk)))

    @extend_schema(request=NewSupplierSerializer, responses={201: SupplierSerializer})
    def create(self, request: Request) -> Response:
        """Add a supplier; 409 when the same company is here already."""
        by, values = caller(request), valid_body(NewSupplierSerializer, request)
        values["categories"] = _categories(values.get("categories"))
        made = _refusing(services.add_supplier, **values, by=by)
        return Response(self._data(made), status=201)

    @extend_schema(request=SupplierChangeSerializer, responses=SupplierSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Correct a supplier; what is shared of it follows."""
        supplier, values = _supplier_or_404(request, pk), valid_body(SupplierChangeSerializer, request)
        kept = {name: getattr(supplier, name) for name in ("name", "website", "description")}
        kept["categories"] = list(supplier.categories.all())
        if "categories" in values:
            values["categories"] = _categories(values["categories"])
        changed = _refusing(services.edit_supplier, supplier, **(kept | values), by=request.member)
        return Response(self._data(changed))

    def _data(self, found: Supplier | Sequence[Supplier], *, many: bool = False) -> Any:
        return SupplierSerializer(found, many=many, context=self.get_serializer_context()).data


class SupplierRecommendationResource(Resource):
    """What members of this network say of one supplier."""

    serializer_class = RecommendationSerializer
    pagination_class = NewestFirst

    def list(self, request: Request, supplier_id: UUID) -> Response:
        """List recommendations, newest first."""
        found = selectors.recommendations(_supplier_or_404(request, supplier_id), request.member)
        page = self.paginate_queryset(found)
        data = RecommendationSerializer(page, many=True, context=self.get_serializer_context()).data
        return self.get_paginated_response(data)

    @extend_schema(request=NewRecommendationSerializer, responses={201: RecommendationSerializer})
    def create(self, request: Request, supplier_id: UUID) -> Response:
        """Say what one's school thinks; 409 when this member has done so already."""
        supplier, values = _supplier_or_404(request, supplier_id), valid_body(NewRecommendationSerializer, request)
        made = _refusing(services.recommend, supplier, **values, by=request.member)
        data = RecommendationSerializer(made, context=self.get_serializer_context()).data
        return Response(data, status=201)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Answer what was said before."""
        found = _recommendation_or_404(request, made)
        return Response(RecommendationSerializer(found, context=self.get_serializer_context()).data)


class RecommendationResource(Resource):
    """One recommendation: read it, change or remove one's own."""

    serializer_class = RecommendationSerializer
    pagination_class = None

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one recommendation."""
        return Response(self._data(_recommendation_or_404(request, pk)))

    @extend_schema(request=RecommendationChangeSerializer, responses=RecommendationSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what one said; the publication follows."""
        found, values = _recommendation_or_404(request, pk), valid_body(RecommendationChangeSerializer, request)
        return Response(self._data(_refusing(services.edit_recommendation, found, **values, by=request.member)))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Remove it; one that is shared is withdrawn first."""
        _refusing(services.remove_recommendation, _recommendation_or_404(request, pk), by=request.member)
        return Response(status=204)

    def _data(self, recommendation: Recommendation) -> dict[str, Any]:
        return RecommendationSerializer(recommendation, context=self.get_serializer_context()).data


def _supplier_or_404(request: Request, supplier_id: UUID) -> Supplier:
    caller(request)
    supplier = selectors.get_supplier(supplier_id)
    if supplier is None:
        raise Http404
    return supplier


def _recommendation_or_404(request: Request, recommendation_id: UUID | None) -> Recommendation:
    caller(request)
    recommendation = selectors.get_recommendation(recommendation_id, request.member) if recommendation_id else None
    if recommendation is None:
        raise Http404
    return recommendation


def _categories(names: list[str] | None) -> list[SupplierCategory]:
    """Return the categories of these names, or the last one, which is for what fits nowhere."""
    known = selectors.categories()
    if names is None:
        return known[-1:]
    by_name = {category.name.casefold(): category for category in known}
    wanted = {name.strip().casefold() for name in names}
    if wanted - set(by_name):
        raise ValidationError({"categories": [f"There are {', '.join(each.name for each in known)}."]})
    return [category for name, category in by_name.items() if name in wanted]


def _refusing[Made](act: Callable[..., Made], *args: Any, **kwargs: Any) -> Made:
    """Call a service and tell its refusals as the API does."""
    try:
        return act(*args, **kwargs)
    except services.NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except services.AlreadyListedError as error:
        raise ConflictError(f"{error} Its id is {error.supplier.id}.") from error
    except services.AlreadyRecommendedError as error:
        raise ConflictError(f"{error} Its id is {error.recommendation.id}.") from error
    except services.SupplierError as error:
        raise ValidationError({error.field or "non_field_errors": [str(error)]}) from error
