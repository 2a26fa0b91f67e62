"""What counts of an order, the shop's own id of it, and rulings that restore."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Greatest


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Until now all goods of an order counted: after discounts, without shipping and tax."""
    orders = apps.get_model("orders", "Order").objects.filter(id=OuterRef("order_id"))
    goods = orders.annotate(goods=Greatest(F("items") - F("discount"), 0))
    referrals = apps.get_model("referrals", "Referral").objects
    referrals.using(editor.connection.alias).update(
        order_key=Subquery(orders.values("external_id")[:1]),
        basis=Subquery(goods.values("goods")[:1]),
    )


def forget(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The version before knows no ruling that restores."""
    rulings = apps.get_model("referrals", "Ruling").objects.using(editor.connection.alias)
    rulings.filter(decision="restore").update(decision="approve")


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_charge_back"),
        ("referrals", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="ruling",
            name="ruling_decision",
        ),
        migrations.RunPython(migrations.RunPython.noop, forget),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision__in", ["approve", "reject", "restore"])),
                name="ruling_decision",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="basis",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="referral",
            name="order_key",
            field=models.CharField(default="", max_length=120),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("claim__isnull", False)),
                fields=["store", "claim"],
                name="referral_by_claim",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
