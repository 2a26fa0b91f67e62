"""An advocate's referrals by when their orders were placed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_basis")]

    operations = [
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["store", "advocate", "ordered_at"], name="referral_in_time"),
        ),
        migrations.RemoveIndex(model_name="referral", name="referral_by_advocate"),
    ]
