"""The room's name for Django."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """How Django knows the room."""

    name = "wordmouth.programs"
    label = "programs"
    default_auto_field = "django.db.models.BigAutoField"
