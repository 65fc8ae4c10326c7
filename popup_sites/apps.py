from django.apps import AppConfig


class PopupSitesConfig(AppConfig):
    name = "popup_sites"
    label = "popup_sites"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Pop-up-steder"
