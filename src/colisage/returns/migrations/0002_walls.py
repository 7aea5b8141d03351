from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

SAME_MERCHANT = (
    ("returns_returnrequest", "order_id", "orders_order"),
    ("returns_returnline", "return_request_id", "returns_returnrequest"),
    ("returns_returnline", "order_line_id", "orders_orderline"),
    ("returns_returnitem", "return_request_id", "returns_returnrequest"),
    ("returns_returnitem", "line_id", "returns_returnline"),
    ("returns_returnitem", "sku_id", "catalog_sku"),
    ("returns_inspection", "item_id", "returns_returnitem"),
    ("returns_refund", "order_id", "orders_order"),
    ("returns_refund", "return_request_id", "returns_returnrequest"),
    ("returns_refundline", "refund_id", "returns_refund"),
    ("returns_refundline", "order_line_id", "orders_orderline"),
)


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_tables"), ("catalog", "0002_walls"), ("orders", "0002_walls")]
    operations = [
        *[
            Wall(f"returns_{table}")
            for table in (
                "returnpolicy",
                "returnrequest",
                "returnline",
                "returnitem",
                "inspection",
                "refund",
                "refundline",
            )
        ],
        *[SameMerchant(table, column=column, target=target) for table, column, target in SAME_MERCHANT],
    ]
