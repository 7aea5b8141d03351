from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):
    dependencies = [("intake", "0006_address_checks"), ("orders", "0002_walls")]
    operations = [
        Wall("intake_addresscheck"),
        SameMerchant("intake_addresscheck", column="order_id", target="orders_order"),
    ]
