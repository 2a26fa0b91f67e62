import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rewards', '0003_fill_every_kind'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reward',
            name='holder',
            field=models.CharField(max_length=40),
        ),
        migrations.AlterField(
            model_name='reward',
            name='program',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.program'),
        ),
    ]
