from django.db import migrations

from colisage.kit.walls import Wall


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_tables")]
    operations = [
        *[Wall(f"kit_{table}") for table in ("event", "parked", "photo")],
        Wall(
            "kit_auditentry",
            seen="merchant_id = ANY (colisage_merchants()) OR operator_id = ANY (colisage_operators())",
        ),
        Wall("kit_receipt", seen="merchants && colisage_merchants()"),
    ]
