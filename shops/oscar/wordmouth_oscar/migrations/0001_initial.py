"""The tables of this app."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('basket', '0001_initial'),
        ('order', '0001_initial'),
        ('voucher', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='BasketVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(blank=True, max_length=1024)),
                ('ip', models.CharField(blank=True, max_length=64)),
                ('user_agent', models.CharField(blank=True, max_length=500)),
                ('locale', models.CharField(blank=True, max_length=12)),
                ('basket', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='basket.basket')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IssuedCoupon',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=64, unique=True)),
                ('terms', models.JSONField()),
                ('usage_limit', models.PositiveIntegerField(blank=True, null=True)),
                ('locked_email', models.CharField(blank=True, max_length=254)),
                ('locked_customer_id', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('voucher', models.OneToOneField(help_text='Empty if the shop deleted the voucher.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='wordmouth_coupon', to='voucher.voucher')),
            ],
        ),
        migrations.CreateModel(
            name='OrderRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(blank=True, max_length=1024)),
                ('ip', models.CharField(blank=True, max_length=64)),
                ('user_agent', models.CharField(blank=True, max_length=500)),
                ('locale', models.CharField(blank=True, max_length=12)),
                ('status_times', models.JSONField(default=dict, help_text='Status -> first moment it was seen, RFC 3339.')),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='wordmouth_record', to='order.order')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PendingSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('order', 'Order'), ('customer', 'Customer'), ('product', 'Product')], max_length=16)),
                ('key', models.CharField(help_text='Primary key of the object, as text.', max_length=64)),
                ('mark', models.UUIDField(help_text='New with every change; names the delivery.')),
                ('changed_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(help_text='Not sent before this moment.')),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('is_backfill', models.BooleanField(default=False, help_text='History waits behind news.')),
            ],
            options={
                'indexes': [models.Index(fields=['is_backfill', 'due_at', 'id'], name='wordmouth_pending_due')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='wordmouth_pending_once')],
            },
        ),
    ]
