from pathlib import Path

from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

SQL = Path(__file__).resolve().parent.parent / "sql"
TABLES = ("lot", "licenseplate", "stockcell", "stockmovement", "availability", "reservation", "allocation")
OF_SKU = ("lot", "stockcell", "stockmovement", "availability", "reservation")


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0001_initial"),
        ("network", "0002_walls"),
        ("catalog", "0002_walls"),
        ("kit", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL((SQL / "triggers.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        *[Wall(f"inventory_{table}") for table in TABLES],
        *[SameMerchant(f"inventory_{table}", column="sku_id", target="catalog_sku") for table in OF_SKU],
    ]
