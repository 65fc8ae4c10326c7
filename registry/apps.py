from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Register"

    def ready(self) -> None:
        """Show the registry's tables on the pages of reference data."""
        from .resources.tables import add_tables

        add_tables("registry.resources.registry_tables.registry_tables")
