"""Start-up: install the table of reactions and the outside ports."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "wordmouth.project"
    label = "project"

    def ready(self) -> None:
        """Wire the rooms together, once per process."""
        from django.conf import settings

        from wordmouth.kit import events
        from wordmouth.project import adapters, demo
        from wordmouth.project.reactions import REACTIONS

        events.install(REACTIONS)
        adapters.install()
        if settings.DEMO or demo.has_clock(settings.DATA):
            demo.install_clock(settings.DATA)
