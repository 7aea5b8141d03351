from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("catalog", "0002_walls"), ("network", "0002_walls")]
    operations = [
        *[Wall(f"orders_{table}") for table in ("order", "orderline", "hold", "fulfillmentorder", "fulfillmentline")],
        SameMerchant("orders_order", column="channel_id", target="network_channel"),
        SameMerchant("orders_orderline", column="order_id", target="orders_order"),
        SameMerchant("orders_orderline", column="sku_id", target="catalog_sku"),
        SameMerchant("orders_hold", column="order_id", target="orders_order"),
        SameMerchant("orders_fulfillmentorder", column="order_id", target="orders_order"),
        SameMerchant("orders_fulfillmentline", column="fulfillment_order_id", target="orders_fulfillmentorder"),
        SameMerchant("orders_fulfillmentline", column="order_line_id", target="orders_orderline"),
        SameMerchant("orders_fulfillmentline", column="sku_id", target="catalog_sku"),
    ]
