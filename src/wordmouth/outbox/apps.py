"""The room's name for Django."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """Its name and label."""

    name = "wordmouth.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
