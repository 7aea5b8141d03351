from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

SAME_MERCHANT = (
    ("intake_importrun", "channel_id", "network_channel"),
    ("intake_refusedrow", "run_id", "intake_importrun"),
    ("intake_shopmessage", "channel_id", "network_channel"),
    ("intake_shopmessage", "corrects_id", "intake_shopmessage"),
    ("intake_addresscheck", "order_id", "orders_order"),
)


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_tables"), ("network", "0002_walls"), ("orders", "0002_walls")]
    operations = [
        *[Wall(f"intake_{table}") for table in ("importrun", "refusedrow", "shopmessage", "addresscheck")],
        *[SameMerchant(table, column=column, target=target) for table, column, target in SAME_MERCHANT],
    ]
