from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):
    dependencies = [("sourcing", "0001_initial"), ("orders", "0002_walls")]
    operations = [
        Wall("sourcing_sourcingdecision"),
        SameMerchant("sourcing_sourcingdecision", column="order_id", target="orders_order"),
    ]
