"""Configuration of the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts live in the public schema; a network's own tables hold only their ids."""

    name = "shared_apps.accounts"
    verbose_name = "Accounts"
