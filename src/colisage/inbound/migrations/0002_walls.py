from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

OF_OPERATOR = "operator_id = ANY (colisage_operators())"
SAME_MERCHANT = (
    ("inbound_purchaseorder", "supplier_id", "inbound_supplier"),
    ("inbound_purchaseline", "purchase_order_id", "inbound_purchaseorder"),
    ("inbound_purchaseline", "sku_id", "catalog_sku"),
    ("inbound_receipt", "purchase_order_id", "inbound_purchaseorder"),
    ("inbound_receipt", "sku_id", "catalog_sku"),
    ("inbound_suppliersku", "supplier_id", "inbound_supplier"),
    ("inbound_suppliersku", "sku_id", "catalog_sku"),
    ("inbound_announcement", "supplier_id", "inbound_supplier"),
    ("inbound_announcedline", "announcement_id", "inbound_announcement"),
    ("inbound_announcedline", "purchase_order_id", "inbound_purchaseorder"),
    ("inbound_announcedline", "sku_id", "catalog_sku"),
    ("inbound_announcementrefusedrow", "run_id", "inbound_announcementimport"),
    ("inbound_receipt", "announcement_id", "inbound_announcement"),
    ("inbound_delivery", "supplier_id", "inbound_supplier"),
    ("inbound_delivery", "purchase_order_id", "inbound_purchaseorder"),
    ("inbound_delivery", "announcement_id", "inbound_announcement"),
    ("inbound_receipt", "delivery_id", "inbound_delivery"),
    ("inbound_setaside", "delivery_id", "inbound_delivery"),
    ("inbound_setaside", "sku_id", "catalog_sku"),
    ("inbound_transferline", "transfer_id", "inbound_transfer"),
    ("inbound_transferline", "sku_id", "catalog_sku"),
    ("inbound_consignmentstatement", "supplier_id", "inbound_supplier"),
    ("inbound_consignmentline", "statement_id", "inbound_consignmentstatement"),
    ("inbound_consignmentline", "sku_id", "catalog_sku"),
    ("inbound_production", "sku_id", "catalog_sku"),
    ("inbound_production", "receipt_id", "inbound_receipt"),
    ("inbound_supplierreturn", "supplier_id", "inbound_supplier"),
    ("inbound_supplierreturnline", "supplier_return_id", "inbound_supplierreturn"),
    ("inbound_supplierreturnline", "sku_id", "catalog_sku"),
    ("inbound_checklist", "supplier_id", "inbound_supplier"),
    ("inbound_checklist", "sku_id", "catalog_sku"),
    ("inbound_question", "checklist_id", "inbound_checklist"),
    ("inbound_qualitycheck", "checklist_id", "inbound_checklist"),
    ("inbound_receipt", "checklist_id", "inbound_checklist"),
    ("inbound_plateload", "receipt_id", "inbound_receipt"),
    ("inbound_plateload", "plate_id", "inventory_licenseplate"),
    ("inbound_supplierreturnline", "plate_id", "inventory_licenseplate"),
)


class Migration(migrations.Migration):
    dependencies = [("inbound", "0001_tables"), ("catalog", "0002_walls"), ("inventory", "0002_walls")]
    operations = [
        *[
            Wall(f"inbound_{table}")
            for table in (
                "supplier",
                "purchaseorder",
                "purchaseline",
                "receipt",
                "suppliersku",
                "announcement",
                "announcedline",
                "announcementimport",
                "announcementrefusedrow",
                "delivery",
                "setaside",
                "dockpolicy",
                "transfer",
                "transferline",
                "consignmentstatement",
                "consignmentline",
                "production",
                "supplierreturn",
                "supplierreturnline",
                "checklist",
                "question",
                "qualitycheck",
                "plateload",
            )
        ],
        Wall("inbound_putawayrule", seen=OF_OPERATOR),
        *[SameMerchant(table, column=column, target=target) for table, column, target in SAME_MERCHANT],
    ]
