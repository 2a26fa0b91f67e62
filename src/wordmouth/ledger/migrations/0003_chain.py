"""Postings are chained: each has a number and a hash over itself and the one before.

What stands already is chained in the order of its moments, an undoing after what it undoes. Its
accounts are dated to their first posting, as new ones are, and those without any are dropped. The
triggers are lifted meanwhile; SQLite would lose them anyway, since it remakes the tables.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Case, IntegerField, Value, When

from wordmouth.ledger import chain, triggers

_AT_ONCE = 500


def _run(triggers_of, part):
    def run(apps, schema_editor):
        for statement in getattr(triggers_of[schema_editor.connection.vendor], part):
            schema_editor.execute(statement, params=None)

    return run


def _chain(apps, schema_editor):
    alias = schema_editor.connection.alias
    account, posting, head = (
        apps.get_model("ledger", name)._base_manager.using(alias)
        for name in ("Account", "Posting", "Head")
    )
    stamp = chain.Stamp()
    first = {}
    for store_id in posting.order_by("store_id").values_list("store_id", flat=True).distinct():
        seq, posted = _chain_store(posting.filter(store_id=store_id), stamp, first)
        seal = stamp.head(store_id, seq, posted)
        head.create(store_id=store_id, seq=seq, hash=posted, seal=seal)
    _seal(account, stamp, first)
    if schema_editor.connection.vendor == "postgresql":
        # A table whose rows still wait for a check of their keys cannot be altered.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _chain_store(rows, stamp, first):
    undoing = Case(When(mirrors=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    ids = list(rows.order_by("at", undoing, "id").values_list("id", flat=True))
    seq, posted = 0, chain.START
    for start in range(0, len(ids), _AT_ONCE):
        batch = ids[start : start + _AT_ONCE]
        found = rows.select_related("source", "destination").in_bulk(batch)
        for seq, row in enumerate((found[id] for id in batch), start + 1):
            row.seq, row.previous = seq, posted
            posted = row.hash = stamp.posting(chain.link_of(row))
            first.setdefault(row.source_id, row.at)
            first.setdefault(row.destination_id, row.at)
        rows.bulk_update(found.values(), ["seq", "previous", "hash"])
    return seq, posted


def _seal(account, stamp, first):
    for row in account.order_by("id"):
        if row.id in first:
            row.opened_at = first[row.id]
            row.seal = stamp.account(chain.sealed_of(row))
            row.save(update_fields=["opened_at", "seal"])
        else:
            row.delete()


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only"), ("stores", "0001_initial")]
    operations = [
        migrations.RunPython(_run(triggers.BOOKS, "undo"), _run(triggers.BOOKS, "make")),
        migrations.CreateModel(
            name="Head",
            fields=[
                (
                    "store",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="stores.store",
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("seal", models.CharField(max_length=64)),
            ],
        ),
        migrations.AddField("account", "seal", models.CharField(max_length=64, null=True)),
        migrations.AddField("posting", "seq", models.BigIntegerField(null=True)),
        migrations.AddField("posting", "previous", models.CharField(max_length=64, null=True)),
        migrations.AddField("posting", "hash", models.CharField(max_length=64, null=True)),
        migrations.RunPython(_chain, migrations.RunPython.noop),
        migrations.AlterField("account", "seal", models.CharField(max_length=64)),
        migrations.AlterField("posting", "seq", models.BigIntegerField()),
        migrations.AlterField("posting", "previous", models.CharField(max_length=64)),
        migrations.AlterField("posting", "hash", models.CharField(max_length=64)),
        migrations.AddConstraint(
            "posting",
            models.UniqueConstraint(fields=("store", "seq"), name="posting_in_line"),
        ),
        migrations.RunPython(_run(triggers.ALL, "make"), _run(triggers.ALL, "undo")),
    ]
