from django.db import migrations

from colisage.kit.walls import Wall


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_numbering")]
    operations = [
        Wall(
            "catalog_numbering",
            seen="merchant_id = ANY (colisage_merchants()) OR operator_id = ANY (colisage_operators())",
        ),
        migrations.RunSQL("CREATE SEQUENCE catalog_plate", "DROP SEQUENCE catalog_plate"),
        # Serial references of specimens; they begin again after the last of nine digits.
        migrations.RunSQL(
            "CREATE SEQUENCE catalog_specimen_unit MAXVALUE 999999999 CYCLE", "DROP SEQUENCE catalog_specimen_unit"
        ),
    ]
