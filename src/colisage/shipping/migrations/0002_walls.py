from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

OF_OPERATOR = "operator_id = ANY (colisage_operators())"
# A merchant's staff see the operator that works for them, but not the other merchants it works for.
OF_BOTH = f"{OF_OPERATOR} AND merchant_id = ANY (colisage_merchants())"
SAME_MERCHANT = (
    ("shipping_shipment", "order_id", "orders_order"),
    ("shipping_shipment", "fulfillment_order_id", "orders_fulfillmentorder"),
    ("shipping_label", "shipment_id", "shipping_shipment"),
    ("shipping_label", "parcel_id", "packing_parcel"),
)


class Migration(migrations.Migration):
    dependencies = [("shipping", "0001_tables"), ("orders", "0002_walls"), ("packing", "0002_walls")]
    operations = [
        *[Wall(f"shipping_{table}", seen=OF_OPERATOR) for table in ("carrieraccount", "numberrange", "manifest")],
        Wall("shipping_shipment", seen=OF_BOTH),
        Wall("shipping_label"),
        *[SameMerchant(table, column=column, target=target) for table, column, target in SAME_MERCHANT],
        # Numbers of specimens; they begin again after the last of eight digits.
        migrations.RunSQL(
            "CREATE SEQUENCE shipping_specimen MINVALUE 1 MAXVALUE 99999999 CYCLE", "DROP SEQUENCE shipping_specimen"
        ),
    ]
