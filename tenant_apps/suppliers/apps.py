"""Configuration of the suppliers app."""

from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    """Lives in each network's schema; gives a new network its categories and makes recommendations shareable."""

    name = "tenant_apps.suppliers"
    label = "suppliers"
    verbose_name = "Suppliers"

    def ready(self) -> None:
        """Register the categories' step, the sharing adapter and the place in the navigation."""
        from shared_apps.core.navigation import NavItem, register
        from tenant_apps.moderation.adapters import register_reportable
        from tenant_apps.portability.adapters import Travel, register_readable, register_travel, register_tree
        from tenant_apps.sharing.adapters import register_adapter
        from tenant_apps.suppliers.adapters import RecommendationAdapter, ReportableRecommendation, ReportableSupplier
        from tenant_apps.suppliers.exporting import ReadableSuppliers
        from tenant_apps.suppliers.returning import RETURNING
        from tenant_apps.suppliers.services import seed_categories
        from tenants.beginnings import template_named
        from tenants.enums import NetworkState
        from tenants.lifecycle import Step, register_step

        register_adapter(RecommendationAdapter())
        register_readable(ReadableSuppliers())
        register_tree(RETURNING)
        register_travel("suppliers.ServiceNote", Travel(private="TRUE"))  # one school's
        register_reportable(ReportableRecommendation())
        register_reportable(ReportableSupplier())
        register_step(
            Step(
                "supplier-categories",
                "Adding supplier categories",
                NetworkState.SEEDED,
                lambda network: seed_categories(template_named(network.template).services),
                order=25,
                seeds=True,
            )
        )
        register(
            NavItem(
                label="Suppliers", url_name="suppliers:supplier_list", icon="shop", group="Buying", order=40, thumb=True
            )
        )
