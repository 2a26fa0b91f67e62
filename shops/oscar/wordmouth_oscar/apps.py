"""The Django app."""

from django.apps import AppConfig


class WordmouthOscarConfig(AppConfig):
    """Listens to oscar as soon as the shop starts."""

    name = "wordmouth_oscar"
    label = "wordmouth_oscar"
    verbose_name = "Wordmouth referrals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers and register the system checks."""
        from wordmouth_oscar import checks, receivers

        checks.register()
        receivers.connect()
