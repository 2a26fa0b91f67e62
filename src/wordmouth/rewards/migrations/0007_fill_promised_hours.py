from datetime import UTC

from django.db import migrations
from django.db.models import Sum
from django.db.models.functions import TruncHour


def number(hour):
    """Hours since the beginning of 1970."""
    return int(hour.timestamp()) // 3600


def fill(apps, editor):
    """What stands of each hour is what its rewards cost."""
    alias = editor.connection.alias
    standing = apps.get_model("rewards", "Reward").objects.using(alias).filter(
        state__in=("pending", "due", "redeemed"), cost__gt=0
    )
    hours = standing.annotate(hour=TruncHour("granted_at", tzinfo=UTC)).order_by()
    sums = hours.values_list("store_id", "program_id", "hour").annotate(total=Sum("cost"))
    promised = apps.get_model("rewards", "PromisedHour")
    promised.objects.using(alias).bulk_create(
        [
            promised(store_id=store, program_id=program, hour=number(hour), cost=total)
            for store, program, hour, total in sums.iterator()
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('rewards', '0006_promised_hours'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
