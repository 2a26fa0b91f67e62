"""The Django app of the demo shop."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Registers the demo's models under the label `wordmouth_demo`."""

    name = "wordmouth_demo"
    label = "wordmouth_demo"
    verbose_name = "Demo shop Kohvik"
    default_auto_field = "django.db.models.BigAutoField"
