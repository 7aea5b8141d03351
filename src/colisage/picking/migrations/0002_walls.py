from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

OF_OPERATOR = "operator_id = ANY (colisage_operators())"
# A merchant's staff see the operator that works for them, but not the other merchants it works for.
OF_BOTH = f"{OF_OPERATOR} AND merchant_id = ANY (colisage_merchants())"


class Migration(migrations.Migration):
    dependencies = [("picking", "0001_initial"), ("orders", "0002_walls"), ("catalog", "0002_walls")]
    operations = [
        Wall("picking_wave", seen=OF_OPERATOR),
        Wall("picking_pickbatch", seen=OF_OPERATOR),
        Wall("picking_picktask", seen=OF_BOTH),
        SameMerchant("picking_picktask", column="fulfillment_order_id", target="orders_fulfillmentorder"),
        SameMerchant("picking_picktask", column="fulfillment_line_id", target="orders_fulfillmentline"),
        SameMerchant("picking_picktask", column="sku_id", target="catalog_sku"),
    ]
