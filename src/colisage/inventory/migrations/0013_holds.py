import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0007_numbering_walls'),
        ('inventory', '0012_channels'),
        ('network', '0002_walls'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='StockHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=80)),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ordered', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='StockHoldLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.IntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name='reservation',
            index=models.Index(condition=models.Q(('expires_at__isnull', False), ('state__in', ['held', 'waiting', 'ahead'])), fields=['expires_at'], name='reservation_expires'),
        ),
        migrations.AddField(
            model_name='stockhold',
            name='channel',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.channel'),
        ),
        migrations.AddField(
            model_name='stockhold',
            name='merchant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.merchant'),
        ),
        migrations.AddField(
            model_name='stockholdline',
            name='hold',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.stockhold'),
        ),
        migrations.AddField(
            model_name='stockholdline',
            name='merchant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.merchant'),
        ),
        migrations.AddField(
            model_name='stockholdline',
            name='sku',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sku'),
        ),
        migrations.AddConstraint(
            model_name='stockhold',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('channel', 'reference'), name='one_open_hold'),
        ),
        migrations.AddConstraint(
            model_name='stockholdline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='hold_line_is_of_units'),
        ),
        Wall("inventory_stockhold"),
        Wall("inventory_stockholdline"),
        SameMerchant("inventory_stockhold", column="channel_id", target="network_channel"),
        SameMerchant("inventory_stockholdline", column="hold_id", target="inventory_stockhold"),
        SameMerchant("inventory_stockholdline", column="sku_id", target="catalog_sku"),
    ]
