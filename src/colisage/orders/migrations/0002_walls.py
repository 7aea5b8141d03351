from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

SAME_MERCHANT = (
    ("orders_order", "channel_id", "network_channel"),
    ("orders_orderline", "order_id", "orders_order"),
    ("orders_orderline", "sku_id", "catalog_sku"),
    ("orders_hold", "order_id", "orders_order"),
    ("orders_fulfillmentorder", "order_id", "orders_order"),
    ("orders_fulfillmentline", "fulfillment_order_id", "orders_fulfillmentorder"),
    ("orders_fulfillmentline", "order_line_id", "orders_orderline"),
    ("orders_fulfillmentline", "sku_id", "catalog_sku"),
    ("orders_orderchange", "order_id", "orders_order"),
    ("orders_backorder", "order_id", "orders_order"),
    ("orders_backorder", "order_line_id", "orders_orderline"),
)


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_tables"), ("catalog", "0002_walls"), ("network", "0002_walls")]
    operations = [
        *[
            Wall(f"orders_{table}")
            for table in ("order", "orderline", "hold", "fulfillmentorder", "fulfillmentline", "orderchange", "backorder", "turnrule")
        ],
        *[SameMerchant(table, column=column, target=target) for table, column, target in SAME_MERCHANT],
    ]
