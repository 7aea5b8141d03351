import django.db.models.deletion
from django.db import migrations, models

from colisage.kit.walls import SameMerchant, Wall

class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_lists'),
        ('orders', '0012_inserts'),
        ('people', '0001_tables'),
    ]

    operations = [
        migrations.AddField(
            model_name='backorder',
            name='told',
            field=models.BooleanField(default=True),
        ),
        migrations.CreateModel(
            name='QueueEnd',
            fields=[
                ('sku', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='catalog.sku')),
                ('priority', models.SmallIntegerField()),
                ('turn', models.CharField(max_length=60)),
                ('since', models.DateTimeField()),
                ('reservation_id', models.BigIntegerField()),
                ('left', models.JSONField()),
                ('mark', models.CharField(max_length=32)),
                ('merchant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.merchant')),
            ],
        ),
        Wall("orders_queueend"),
        SameMerchant("orders_queueend", column="sku_id", target="catalog_sku"),
    ]
