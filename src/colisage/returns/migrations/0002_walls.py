from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_initial"), ("catalog", "0002_walls"), ("orders", "0002_walls")]
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
        SameMerchant("returns_returnrequest", column="order_id", target="orders_order"),
        SameMerchant("returns_returnline", column="return_request_id", target="returns_returnrequest"),
        SameMerchant("returns_returnline", column="order_line_id", target="orders_orderline"),
        SameMerchant("returns_returnitem", column="return_request_id", target="returns_returnrequest"),
        SameMerchant("returns_returnitem", column="line_id", target="returns_returnline"),
        SameMerchant("returns_returnitem", column="sku_id", target="catalog_sku"),
        SameMerchant("returns_inspection", column="item_id", target="returns_returnitem"),
        SameMerchant("returns_refund", column="order_id", target="orders_order"),
        SameMerchant("returns_refund", column="return_request_id", target="returns_returnrequest"),
        SameMerchant("returns_refundline", column="refund_id", target="returns_refund"),
        SameMerchant("returns_refundline", column="order_line_id", target="orders_orderline"),
    ]
