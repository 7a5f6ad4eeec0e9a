"""Configuration of the discussions app."""

from django.apps import AppConfig


class DiscussionsConfig(AppConfig):
    """Lives in each network's schema; gives a new network its categories and makes discussions shareable."""

    name = "tenant_apps.discussions"
    label = "discussions"
    verbose_name = "Discussions"

    def ready(self) -> None:
        """Register the categories' step, the sharing adapter, and the listener for answers from elsewhere."""
        from collective.publications.signals import publication_replied
        from tenant_apps.discussions.adapters import DiscussionAdapter
        from tenant_apps.discussions.receivers import on_publication_replied
        from tenant_apps.discussions.services import seed_categories
        from tenant_apps.sharing.adapters import register_adapter
        from tenants.enums import NetworkState
        from tenants.lifecycle import Step, register_step

        register_adapter(DiscussionAdapter())
        register_step(
            Step("categories", "Adding categories", NetworkState.SEEDED, lambda network: seed_categories(), order=20)
        )
        publication_replied.connect(on_publication_replied, dispatch_uid="discussions.away_reply")
