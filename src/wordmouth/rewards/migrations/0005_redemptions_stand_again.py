from django.db import migrations, models


class Migration(migrations.Migration):
    """What was cancelled and used all the same is paid again, under a reference of its own."""

    dependencies = [("rewards", "0004_every_reward_has_a_program")]

    operations = [
        migrations.AddField(
            model_name="redemption", name="turn", field=models.IntegerField(default=0)
        ),
    ]
