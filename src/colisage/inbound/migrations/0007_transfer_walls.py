from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

TABLES = ("transfer", "transferline", "consignmentstatement", "consignmentline", "production")


class Migration(migrations.Migration):
    dependencies = [("inbound", "0006_transfers_and_consignment"), ("catalog", "0002_walls")]
    operations = [
        *[Wall(f"inbound_{table}") for table in TABLES],
        SameMerchant("inbound_transferline", column="transfer_id", target="inbound_transfer"),
        SameMerchant("inbound_transferline", column="sku_id", target="catalog_sku"),
        SameMerchant("inbound_consignmentstatement", column="supplier_id", target="inbound_supplier"),
        SameMerchant("inbound_consignmentline", column="statement_id", target="inbound_consignmentstatement"),
        SameMerchant("inbound_consignmentline", column="sku_id", target="catalog_sku"),
        SameMerchant("inbound_production", column="sku_id", target="catalog_sku"),
        SameMerchant("inbound_production", column="receipt_id", target="inbound_receipt"),
    ]
