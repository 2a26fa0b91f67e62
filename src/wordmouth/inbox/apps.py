"""The room's name for Django."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "wordmouth.inbox"
    label = "inbox"
    default_auto_field = "django.db.models.BigAutoField"
