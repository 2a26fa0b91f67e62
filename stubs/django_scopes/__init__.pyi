from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import models
from django_scopes.exceptions import ScopeError as ScopeError

def ScopedManager(_manager_class: type[models.Manager[Any]] = ..., **scopes: str) -> Any: ...  # noqa: N802
@contextmanager
def scope(**scope_kwargs: object) -> Generator[None]: ...
def get_scope() -> dict[str, Any]: ...
def scopes_disabled() -> AbstractContextManager[None]: ...
