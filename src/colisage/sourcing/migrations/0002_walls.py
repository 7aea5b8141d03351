from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

SAME_MERCHANT = (("sourcing_sourcingdecision", "order_id", "orders_order"),)


class Migration(migrations.Migration):
    dependencies = [("sourcing", "0001_tables"), ("orders", "0002_walls")]
    operations = [
        Wall("sourcing_sourcingdecision"),
        *[SameMerchant(table, column=column, target=target) for table, column, target in SAME_MERCHANT],
    ]
