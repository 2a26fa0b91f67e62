"""Rules that a room's source text must keep; each with an offender that is caught."""

import ast
from collections.abc import Iterable, Iterator

import pytest

from tests.floor_plan.plan import Source, imported_names, levels, sources

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40

# Modules that write besides services.py and jobs.py, each with the reason.
WRITERS: dict[str, str] = {
    "wordmouth.api.idempotency": "keeps the replies to writes, which is all that this door keeps",
    "wordmouth.fulfilment.notes": "notes what those outside answered, right after asking them",
    "wordmouth.rewards.granting": "moves rewards for all verbs of services, each by its posting",
    "wordmouth.rewards.paying": "what was paid for redemptions, for the verbs on them",
    "wordmouth.rewards.redeeming": "the verbs on redemptions, beside those on rewards",
    "wordmouth.storefront.views.portal": "saves a picture of a QR code, which is no row",
    "wordmouth.messages.suppression": "one small table, read and written in one place",
}

# Modules that may listen to one of Django's signals, each with the reason.
LISTENERS: dict[str, str] = {}

_ALWAYS_WRITES = {
    "abulk_create",
    "abulk_update",
    "aget_or_create",
    "asave",
    "aupdate_or_create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "insert_rows",
    "save",
    "update_or_create",
}
_WRITES_ON_MANAGERS = {"acreate", "adelete", "aupdate", "create", "delete", "update"}
_MANAGERS = {"_base_manager", "_default_manager", "objects"}


def long_files(checked: Iterable[Source]) -> list[str]:
    """Name files with more lines than one thing needs."""
    return [
        f"{source.path} has {lines} lines"
        for source in checked
        if (lines := source.text.count("\n")) > MAX_FILE_LINES
    ]


def _function_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its docstring and its decorators."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is not None:
        docstring = node.body[0]
        lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
    return lines


def long_functions(checked: Iterable[Source]) -> list[str]:
    """Name functions with more lines than one thing needs, their docstrings not counted."""
    return [
        f"{source.path}:{node.lineno} {node.name} has {lines} lines"
        for source in checked
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := _function_lines(node)) > MAX_FUNCTION_LINES
    ]


def signal_users(checked: Iterable[Source]) -> list[str]:
    """Name files that use Django's signals: a decision inside one is a back arrow."""
    return [
        f"{source.path}:{line} imports {name}"
        for source in checked
        for line, name in imported_names(source.tree)
        if name.startswith("django.")
        and ("signals" in name.split(".") or name.startswith("django.dispatch"))
        and ".".join(source.parts) not in LISTENERS
    ]


def foreign_models(checked: Iterable[Source]) -> list[str]:
    """Name imports of one room's models by another, however they are spelt."""
    return [
        f"{source.path}:{line} reaches for {name}"
        for source in checked
        for line, name in _models_reached(source.tree)
        if name.split(".")[1] != source.room
    ]


def _models_reached(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for line, name in imported_names(tree):
        parts = name.split(".")
        if parts[0] == "wordmouth" and len(parts) > 2 and parts[2] == "models":
            yield line, name
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in ("get_model", "import_module") and node.args:
            yield from _named_in(node)


def _named_in(call: ast.Call) -> Iterator[tuple[int, str]]:
    first = call.args[0]
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return
    parts = first.value.removeprefix("wordmouth.").split(".")
    if parts[0] in levels() and parts[1:2] != ["services"]:
        yield call.lineno, f"wordmouth.{'.'.join(parts)}"


def stray_writes(checked: Iterable[Source]) -> list[str]:
    """Name writes to tables outside a room's services and jobs."""
    return [
        f"{source.path}:{node.lineno} calls .{node.func.attr}()"
        for source in checked
        if source.room is not None and not _may_write(source)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and _is_write(node.func)
    ]


def _may_write(source: Source) -> bool:
    own = source.parts[2] if len(source.parts) > 2 else ""
    return own in ("services", "jobs") or ".".join(source.parts) in WRITERS


def _is_write(method: ast.Attribute) -> bool:
    if method.attr in _ALWAYS_WRITES:
        return True
    if method.attr not in _WRITES_ON_MANAGERS:
        return False
    return any(
        isinstance(node, ast.Attribute) and node.attr in _MANAGERS
        for node in ast.walk(method.value)
    )


@pytest.mark.parametrize(
    "check", [long_files, long_functions, signal_users, foreign_models, stray_writes]
)
def test_the_product_keeps_the_rule(check) -> None:
    assert check(sources()) == []


def _planted(text: str, path: str = "wordmouth/orders/queries.py") -> list[Source]:
    return [Source(path, text)]


def test_a_long_file_is_caught() -> None:
    assert long_files(_planted("\n" * 400)) == []
    assert long_files(_planted("\n" * 401)) == ["wordmouth/orders/queries.py has 401 lines"]


def test_a_long_function_is_caught() -> None:
    body = "    pass\n"
    assert long_functions(_planted("def f():\n" + body * 39)) == []
    assert long_functions(_planted('def f():\n    """A.\n\n    B."""\n' + body * 39)) == []
    assert long_functions(_planted("class A:\n  async def f():\n" + body * 40)) == [
        "wordmouth/orders/queries.py:2 f has 41 lines"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "from django.dispatch import receiver",
        "from django.db.models.signals import post_save",
        "from django.db.models import signals",
        "import django.core.signals",
        "def f():\n    from django.test.signals import template_rendered",
    ],
)
def test_a_signal_is_caught(line: str) -> None:
    assert len(signal_users(_planted(line))) == 1


def test_other_imports_of_django_are_no_signals() -> None:
    assert signal_users(_planted("from django.db import models, transaction")) == []


@pytest.mark.parametrize(
    "line",
    [
        "from wordmouth.people.models import Person",
        "from wordmouth.people import models",
        "import wordmouth.people.models as people",
        "def f():\n    from wordmouth.people.models import Person",
        "apps.get_model('people.Person')",
        "apps.get_model('people', 'Person')",
        "importlib.import_module('wordmouth.people.models')",
    ],
)
def test_another_rooms_models_are_caught(line: str) -> None:
    assert len(foreign_models(_planted(line))) == 1
    assert foreign_models(_planted(line, "wordmouth/people/services.py")) == []


@pytest.mark.parametrize(
    "line",
    [
        "order.save()",
        "Order.objects.create(id=1)",
        "Order.objects.filter(id=1).update(number='x')",
        "Order.objects.filter(id=1).exclude(number='y').delete()",
        "Order._base_manager.all().delete()",
        "Order.objects.bulk_create(rows)",
        "rows.bulk_update(orders, ['number'])",
    ],
)
def test_a_stray_write_is_caught(line: str) -> None:
    assert len(stray_writes(_planted(line))) == 1
    assert stray_writes(_planted(line, "wordmouth/orders/services.py")) == []
    assert stray_writes(_planted(line, "wordmouth/orders/jobs.py")) == []
    assert len(stray_writes(_planted(line, "wordmouth/api/views.py"))) == 1


def test_a_dictionary_may_be_updated() -> None:
    assert stray_writes(_planted("counts.update(a=1)\nfactory.create()\npath.delete()")) == []


def test_every_exception_has_a_reason() -> None:
    names = {".".join(source.parts) for source in sources()}
    for module, reason in (WRITERS | LISTENERS).items():
        assert module in names, f"{module} is gone: take it off the list"
        assert len(reason) > 20, f"{module}: say why it is an exception"
