from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from colisage.kit.walls import SameMerchant, Wall


SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_import_walls'),
        ('inventory', '0011_tag_reads'),
        ('network', '0002_walls'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='availability',
            name='changed',
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='reservation',
            name='buffer',
            field=models.IntegerField(db_default=0),
        ),
        migrations.CreateModel(
            name='ChannelBuffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('units', models.IntegerField()),
                ('channel', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.channel')),
                ('merchant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.merchant')),
                ('sku', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sku')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('channel', 'sku'), name='one_channel_buffer'), models.CheckConstraint(condition=models.Q(('units__gte', 0)), name='channel_buffer_is_not_negative')],
            },
        ),
        migrations.RunSQL((SQL / "availability_changed.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        Wall("inventory_channelbuffer"),
        SameMerchant("inventory_channelbuffer", column="sku_id", target="catalog_sku"),
        SameMerchant("inventory_channelbuffer", column="channel_id", target="network_channel"),
    ]
