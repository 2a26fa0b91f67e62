"""Postings and accounts are append-only: the database itself refuses to change or delete them."""

from django.db import migrations

from wordmouth.ledger import triggers


def _make(apps, schema_editor):
    for statement in triggers.BOOKS[schema_editor.connection.vendor].make:
        schema_editor.execute(statement, params=None)


def _undo(apps, schema_editor):
    for statement in triggers.BOOKS[schema_editor.connection.vendor].undo:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(_make, _undo)]
