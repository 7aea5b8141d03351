from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"
UNDO = """
DROP TRIGGER movement_sum_of_plates ON inventory_stockmovement; DROP FUNCTION colisage_movement_plates();
DROP TRIGGER plate_tree ON inventory_licenseplate; DROP FUNCTION colisage_plate_tree();
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0008_movements_by_occurrence")]
    operations = [
        migrations.AddIndex("licenseplate", models.Index(fields=["merchant", "-id"], name="plates_of_merchant")),
        migrations.RunSQL((SQL / "plates.sql").read_text(encoding="utf-8"), UNDO),
    ]
