from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

SAME_MERCHANT = (
    ("catalog_barcode", "sku_id", "catalog_sku"),
    ("catalog_component", "parent_id", "catalog_sku"),
    ("catalog_component", "sku_id", "catalog_sku"),
    ("catalog_catalogrefusedrow", "run_id", "catalog_catalogimport"),
)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_tables")]
    operations = [
        *[Wall(f"catalog_{table}") for table in ("sku", "barcode", "component", "catalogimport", "catalogrefusedrow")],
        Wall(
            "catalog_numbering",
            seen="merchant_id = ANY (colisage_merchants()) OR operator_id = ANY (colisage_operators())",
        ),
        *[SameMerchant(table, column=column, target=target) for table, column, target in SAME_MERCHANT],
        migrations.RunSQL("CREATE SEQUENCE catalog_plate", "DROP SEQUENCE catalog_plate"),
        # Serial references of specimens; they begin again after the last of nine digits.
        migrations.RunSQL(
            "CREATE SEQUENCE catalog_specimen_unit MAXVALUE 999999999 CYCLE", "DROP SEQUENCE catalog_specimen_unit"
        ),
    ]
