"""Configuration of the jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Installed in public only: a row holds ids, never a network's content."""

    name = "shared_apps.jobs"
    verbose_name = "Jobs"
