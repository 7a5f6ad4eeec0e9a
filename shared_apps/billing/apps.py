"""Configuration of the billing app."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Lives in the public schema: what networks pay is no content of theirs."""

    name = "shared_apps.billing"
    label = "billing"
    verbose_name = "Plans and billing"

    def ready(self) -> None:
        """Begin every new network's trial when it is brought on line, and charge none that is closed."""
        from shared_apps.billing import services
        from shared_apps.billing.receivers import on_network_changed
        from tenants.enums import NetworkState
        from tenants.lifecycle import Step, register_step
        from tenants.signals import network_changed

        network_changed.connect(on_network_changed, dispatch_uid="billing.network_changed")

        register_step(
            Step(
                name="trial",
                label="Beginning the trial",
                reaches=NetworkState.DOMAIN,
                run=services.begin_trial,
                order=50,
            )
        )
