"""Categories, tags and mailing lists, for programs; what is changed of them is organisers'."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination
from shared_apps.api.rest.resources import Resource, valid_body
from shared_apps.core.finding import found_or_404
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.api.loading import category_named, deciding, refusing
from tenant_apps.discussions.models import Tag
from tenant_apps.discussions.serializers.organising import (
    ArchiveSerializer,
    CategoryChangeSerializer,
    CategorySerializer,
    NewArchiveSerializer,
    NewCategorySerializer,
    TagSerializer,
)
from tenant_apps.members.permissions import caller, calling_organiser


class InTheirOrder(SignedCursorPagination):
    """In the order that organisers gave them."""

    ordering = ("position", "name", "id")


class ByName(SignedCursorPagination):
    """In the order of the alphabet."""

    ordering = ("name", "id")


class NewestFirst(SignedCursorPagination):
    """The latest first."""

    ordering = ("-created_at", "-id")


class CategoryResource(Resource):
    """The subjects that discussions belong to."""

    serializer_class = CategorySerializer
    pagination_class = InTheirOrder

    def list(self, request: Request) -> Response:
        """List categories in their order; those out of use are among them."""
        caller(request)
        page = self.paginate_queryset(selectors.all_categories())
        return self.get_paginated_response(CategorySerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one category, with its template."""
        caller(request)
        return Response(CategorySerializer(found_or_404(selectors.get_category(pk))).data)

    @extend_schema(request=NewCategorySerializer, responses={201: CategorySerializer})
    def create(self, request: Request) -> Response:
        """Add a category. For organisers."""
        by, values = calling_organiser(request), valid_body(NewCategorySerializer, request)
        name = values.pop("name")
        made = refusing(services.save_category, name=name, facts=services.CategoryFacts(**values), by=by)
        return Response(CategorySerializer(made).data, status=201)

    @extend_schema(request=CategoryChangeSerializer, responses=CategorySerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Rename a category, place it, give it a template, or take it out of use. For organisers."""
        by, category = calling_organiser(request), found_or_404(selectors.get_category(pk))
        values = valid_body(CategoryChangeSerializer, request)
        was_archived = category.is_archived
        archived = values.pop("archived", was_archived)
        if values:
            name, facts = values.pop("name", category.name), services.CategoryFacts(**values)
            refusing(services.save_category, name=name, category=category, facts=facts, by=by)
        if archived or archived != was_archived:
            deciding(services.archive_category, category, is_archived=archived, by=by)
        return Response(CategorySerializer(found_or_404(selectors.get_category(pk))).data)


class TagResource(Resource):
    """Words that discussions of several categories have in common."""

    serializer_class = TagSerializer
    pagination_class = ByName

    def list(self, request: Request) -> Response:
        """List tags by name."""
        caller(request)
        page = self.paginate_queryset(selectors.tags()) or []
        return self.get_paginated_response([_tag(*each) for each in selectors.tags_with_counts(page)])

    @extend_schema(request=TagSerializer, responses=TagSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Spell a tag differently everywhere; given the name of another, answer the one they become. For organisers."""
        by, tag = calling_organiser(request), found_or_404(selectors.get_tag(pk))
        kept = refusing(services.rename_tag, tag, **valid_body(TagSerializer, request), by=by)
        return Response(_tag(*selectors.tags_with_counts([kept])[0]))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Take a tag off every discussion. For organisers."""
        by = calling_organiser(request)
        deciding(services.remove_tag, found_or_404(selectors.get_tag(pk)), by=by)
        return Response(status=204)


class ArchiveResource(Resource):
    """Archives of mailing lists that are brought into a category; all of it for organisers."""

    serializer_class = ArchiveSerializer
    pagination_class = NewestFirst

    def list(self, request: Request) -> Response:
        """List archives, the latest first."""
        calling_organiser(request)
        page = self.paginate_queryset(selectors.archives())
        return self.get_paginated_response(ArchiveSerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show what would happen, how far it is, or what happened."""
        calling_organiser(request)
        return Response(ArchiveSerializer(found_or_404(selectors.get_archive(pk))).data)

    @extend_schema(request={"multipart/form-data": NewArchiveSerializer}, responses={201: ArchiveSerializer})
    def create(self, request: Request) -> Response:
        """Upload an archive; a job reads it and plans, and nothing is brought in yet."""
        by, values = calling_organiser(request), valid_body(NewArchiveSerializer, request)
        file, category = values["file"], category_named(values["category"])
        made = refusing(services.receive_archive, file.chunks(), name=file.name, category=category, by=by)
        return Response(ArchiveSerializer(made).data, status=201)

    @extend_schema(request=None, responses=ArchiveSerializer)
    @action(detail=True, methods=["post"], url_path="bring")
    def bring(self, request: Request, pk: UUID) -> Response:
        """Bring in what was planned, by a job; read its `state`, `done` and `total` for how far it is."""
        by = calling_organiser(request)
        deciding(services.start_bringing, found_or_404(selectors.get_archive(pk)), by=by)
        return Response(ArchiveSerializer(found_or_404(selectors.get_archive(pk))).data)

    @extend_schema(request=None, responses=ArchiveSerializer)
    @action(detail=True, methods=["post"], url_path="undo")
    def undo(self, request: Request, pk: UUID) -> Response:
        """Take out what it brought, by a job, but for what members have replied to or shared since."""
        by = calling_organiser(request)
        deciding(services.start_undoing, found_or_404(selectors.get_archive(pk)), by=by)
        return Response(ArchiveSerializer(found_or_404(selectors.get_archive(pk))).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Forget a file that was not brought in."""
        by = calling_organiser(request)
        deciding(services.discard_archive, found_or_404(selectors.get_archive(pk)), by=by)
        return Response(status=204)

    def get_parsers(self) -> Any:
        """Take a file where one is uploaded, and JSON elsewhere."""
        return [MultiPartParser()] if getattr(self, "action_map", {}).get("post") == "create" else super().get_parsers()


def _tag(tag: Tag, count: int) -> dict:
    return {"id": str(tag.id), "name": tag.name, "discussions": count}
