"""What the answers of the hot doors depend on moves the version of its store on."""

from django.db import migrations

from wordmouth.stores import versions
from wordmouth.visits.watched import WATCHED


def _make(apps, schema_editor):
    for statement in versions.make(schema_editor.connection.vendor, WATCHED):
        schema_editor.execute(statement, params=None)


def _undo(apps, schema_editor):
    for statement in versions.undo(schema_editor.connection.vendor, WATCHED):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0001_initial"),
        ("stores", "0003_versions"),
        ("people", "0001_initial"),
        ("catalog", "0001_initial"),
        ("programs", "0002_intake"),
        ("advocates", "0001_initial"),
    ]
    operations = [migrations.RunPython(_make, _undo)]
