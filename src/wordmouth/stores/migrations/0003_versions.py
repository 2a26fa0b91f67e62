"""Every store gets a version, which the database moves on with what is watched."""

from django.db import migrations, models

from wordmouth.stores import versions


def _begin(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in (*versions.BEGIN[vendor], *versions.make(vendor, versions.OWN)):
        schema_editor.execute(statement, params=None)
    schema_editor.execute(
        "INSERT INTO stores_storeversion (store_id, number) SELECT id, 0 FROM stores_store",
        params=None,
    )


def _end(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in (*versions.undo(vendor, versions.OWN), *versions.END[vendor]):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("stores", "0002_accounts")]

    operations = [
        migrations.CreateModel(
            name="StoreVersion",
            fields=[
                (
                    "store_id",
                    models.CharField(max_length=40, primary_key=True, serialize=False),
                ),
                ("number", models.BigIntegerField()),
            ],
        ),
        migrations.RunPython(_begin, _end),
    ]
