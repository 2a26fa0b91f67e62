"""Postings and accounts are append-only: the database itself refuses to change or delete them."""

from django.db import migrations

from wordmouth.ledger import triggers


def _run(sqlite, postgresql):
    def run(apps, schema_editor):
        statements = sqlite if schema_editor.connection.vendor == "sqlite" else postgresql
        for statement in statements:
            schema_editor.execute(statement, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunPython(
            _run(triggers.SQLITE, triggers.POSTGRESQL),
            _run(triggers.SQLITE_UNDO, triggers.POSTGRESQL_UNDO),
        )
    ]
