from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

OF_OPERATOR = "operator_id = ANY (colisage_operators())"
# A merchant's staff see the operator that works for them, but not the other merchants it works for.
OF_BOTH = f"{OF_OPERATOR} AND merchant_id = ANY (colisage_merchants())"
SAME_MERCHANT = (
    ("picking_picktask", "fulfillment_order_id", "orders_fulfillmentorder"),
    ("picking_picktask", "fulfillment_line_id", "orders_fulfillmentline"),
    ("picking_picktask", "sku_id", "catalog_sku"),
    ("picking_putback", "task_id", "picking_picktask"),
)


class Migration(migrations.Migration):
    dependencies = [("picking", "0001_tables"), ("catalog", "0002_walls"), ("orders", "0002_walls")]
    operations = [
        *[Wall(f"picking_{table}", seen=OF_OPERATOR) for table in ("wave", "pickbatch")],
        *[Wall(f"picking_{table}", seen=OF_BOTH) for table in ("picktask", "putback")],
        *[SameMerchant(table, column=column, target=target) for table, column, target in SAME_MERCHANT],
    ]
