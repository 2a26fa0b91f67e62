"""A shop's connection can open the shop's own API."""

from django.db import migrations, models

from wordmouth.stores import versions


def _watching(changes):
    def watch(apps, schema_editor):
        for statement in versions.make(schema_editor.connection.vendor, changes):
            schema_editor.execute(statement, params=None)

    def end(apps, schema_editor):
        for statement in versions.undo(schema_editor.connection.vendor, changes):
            schema_editor.execute(statement, params=None)

    return watch, end


_watch_before, _end_before = _watching(versions.OWN)
_watch_after, _end_after = _watching(versions.OPENING)


class Migration(migrations.Migration):
    dependencies = [("stores", "0003_versions")]

    # SQLite makes the table anew, and the triggers on it would be gone.
    operations = [
        migrations.RunPython(_end_before, _watch_before),
        migrations.AddField(
            model_name="connection",
            name="credentials",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.RunPython(_watch_after, _end_after),
    ]
