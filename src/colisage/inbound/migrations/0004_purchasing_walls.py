from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

TABLES = ("suppliersku", "announcement", "announcedline", "announcementimport", "announcementrefusedrow")


class Migration(migrations.Migration):
    dependencies = [("inbound", "0003_purchasing"), ("catalog", "0002_walls")]
    operations = [
        *[Wall(f"inbound_{table}") for table in TABLES],
        SameMerchant("inbound_suppliersku", column="supplier_id", target="inbound_supplier"),
        SameMerchant("inbound_suppliersku", column="sku_id", target="catalog_sku"),
        SameMerchant("inbound_announcement", column="supplier_id", target="inbound_supplier"),
        SameMerchant("inbound_announcedline", column="announcement_id", target="inbound_announcement"),
        SameMerchant("inbound_announcedline", column="purchase_order_id", target="inbound_purchaseorder"),
        SameMerchant("inbound_announcedline", column="sku_id", target="catalog_sku"),
        SameMerchant("inbound_announcementrefusedrow", column="run_id", target="inbound_announcementimport"),
        SameMerchant("inbound_receipt", column="announcement_id", target="inbound_announcement"),
    ]
