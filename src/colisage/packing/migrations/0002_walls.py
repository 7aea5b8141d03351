from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

SAME_MERCHANT = (
    ("packing_parcel", "fulfillment_order_id", "orders_fulfillmentorder"),
    ("packing_parcelline", "parcel_id", "packing_parcel"),
    ("packing_parcelline", "fulfillment_line_id", "orders_fulfillmentline"),
    ("packing_parcelline", "sku_id", "catalog_sku"),
)


class Migration(migrations.Migration):
    dependencies = [("packing", "0001_tables"), ("catalog", "0002_walls"), ("orders", "0002_walls")]
    operations = [
        *[Wall(f"packing_{table}") for table in ("parcel", "parcelline")],
        *[SameMerchant(table, column=column, target=target) for table, column, target in SAME_MERCHANT],
    ]
