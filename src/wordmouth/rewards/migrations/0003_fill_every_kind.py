from django.db import migrations


def fill(apps, editor):
    """Rewards that stand belong to their version's programme and to who held them before. Their
    cost is their worth where that is money."""
    rewards = apps.get_model("rewards", "Reward")
    for row in rewards.objects.using(editor.connection.alias).select_related("version").iterator():
        row.program_id = row.version.program_id
        row.holder = row.advocate_id if row.party == "advocate" else row.person_id
        row.cost = row.value if row.kind == "amount_off" else 0
        row.save(update_fields=["program_id", "holder", "cost"])


class Migration(migrations.Migration):

    dependencies = [
        ('rewards', '0002_every_kind'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
