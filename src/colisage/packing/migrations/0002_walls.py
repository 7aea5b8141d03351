from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):
    dependencies = [("packing", "0001_initial"), ("orders", "0002_walls"), ("catalog", "0002_walls")]
    operations = [
        Wall("packing_parcel"),
        Wall("packing_parcelline"),
        SameMerchant("packing_parcel", column="fulfillment_order_id", target="orders_fulfillmentorder"),
        SameMerchant("packing_parcelline", column="parcel_id", target="packing_parcel"),
        SameMerchant("packing_parcelline", column="fulfillment_line_id", target="orders_fulfillmentline"),
        SameMerchant("packing_parcelline", column="sku_id", target="catalog_sku"),
    ]
