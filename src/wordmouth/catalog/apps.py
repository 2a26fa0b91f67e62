"""The room's name for Django."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "wordmouth.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"
