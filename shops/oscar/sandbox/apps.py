"""The sandbox's own app: its commands."""

from django.apps import AppConfig


class SandboxConfig(AppConfig):
    """Nothing but commands and templates."""

    name = "sandbox"
