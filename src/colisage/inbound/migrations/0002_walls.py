from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):
    dependencies = [("inbound", "0001_initial"), ("catalog", "0002_walls"), ("network", "0002_walls")]
    operations = [
        *[Wall(f"inbound_{table}") for table in ("supplier", "purchaseorder", "purchaseline", "receipt")],
        SameMerchant("inbound_purchaseorder", column="supplier_id", target="inbound_supplier"),
        SameMerchant("inbound_purchaseline", column="purchase_order_id", target="inbound_purchaseorder"),
        SameMerchant("inbound_purchaseline", column="sku_id", target="catalog_sku"),
        SameMerchant("inbound_receipt", column="purchase_order_id", target="inbound_purchaseorder"),
        SameMerchant("inbound_receipt", column="sku_id", target="catalog_sku"),
    ]
