from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("orders", "0002_walls")]
    operations = [
        Wall("notices_message"),
        SameMerchant("notices_message", column="order_id", target="orders_order"),
    ]
