from django.db import migrations

from colisage.kit.keys import KeysAtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_tables'),
        ('network', '0001_tables'),
        ('orders', '0014_by_placed'),
    ]

    operations = [
        KeysAtOnce("orders_order", keys={"channel_id": "network_channel"}),
        KeysAtOnce("orders_orderline", keys={"order_id": "orders_order", "sku_id": "catalog_sku"}),
    ]
