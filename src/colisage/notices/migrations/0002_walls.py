from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

SAME_MERCHANT = (
    ("notices_message", "order_id", "orders_order"),
    ("notices_webhookcall", "endpoint_id", "notices_webhookendpoint"),
)


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_tables"), ("orders", "0002_walls")]
    operations = [
        *[Wall(f"notices_{table}") for table in ("message", "webhookendpoint", "webhookcall")],
        *[SameMerchant(table, column=column, target=target) for table, column, target in SAME_MERCHANT],
    ]
