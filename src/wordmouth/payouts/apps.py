"""The room's name for Django."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "wordmouth.payouts"
    label = "payouts"
    default_auto_field = "django.db.models.BigAutoField"
