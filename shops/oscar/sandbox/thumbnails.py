"""Thumbnails without an image library: the sandbox shows pictures as they are."""

from typing import Any

from oscar.core.thumbnails import AbstractThumbnailer


class SameImage(AbstractThumbnailer):  # type: ignore[misc]
    """Hands out the original."""

    def generate_thumbnail(self, source: Any, **opts: Any) -> Any:
        """Return the source itself."""
        return source

    def delete_thumbnails(self, source: Any) -> None:
        """There is nothing to delete."""
