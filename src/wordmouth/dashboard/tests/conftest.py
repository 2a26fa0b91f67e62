"""The store to test with."""

from tests.conftest import world

__all__ = ["world"]
