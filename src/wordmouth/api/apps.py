"""The room's name for Django."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "wordmouth.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
