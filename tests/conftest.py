"""Fixtures that every test may use."""

from tests.cluster import django_db_setup  # noqa: F401 - pytest finds fixtures by their names here
