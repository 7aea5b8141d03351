from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

OF_OPERATOR = "operator_id = ANY (colisage_operators())"
# A merchant's staff see the operator that works for them, but not the other merchants it works for.
OF_BOTH = f"{OF_OPERATOR} AND merchant_id = ANY (colisage_merchants())"


class Migration(migrations.Migration):
    dependencies = [("shipping", "0001_initial"), ("orders", "0002_walls"), ("packing", "0002_walls")]
    operations = [
        Wall("shipping_carrieraccount", seen=OF_OPERATOR),
        Wall("shipping_numberrange", seen=OF_OPERATOR),
        Wall("shipping_manifest", seen=OF_OPERATOR),
        Wall("shipping_shipment", seen=OF_BOTH),
        Wall("shipping_label"),
        SameMerchant("shipping_shipment", column="order_id", target="orders_order"),
        SameMerchant("shipping_shipment", column="fulfillment_order_id", target="orders_fulfillmentorder"),
        SameMerchant("shipping_label", column="shipment_id", target="shipping_shipment"),
        SameMerchant("shipping_label", column="parcel_id", target="packing_parcel"),
        # Numbers of specimens; they begin again after the last of eight digits.
        migrations.RunSQL(
            "CREATE SEQUENCE shipping_specimen MINVALUE 1 MAXVALUE 99999999 CYCLE", "DROP SEQUENCE shipping_specimen"
        ),
    ]
