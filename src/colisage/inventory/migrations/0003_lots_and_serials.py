from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"
CONDITIONS = [("sellable", "sellable"), ("damaged", "damaged"), ("quarantine", "quarantine"), ("returned", "returned"), ("expired", "expired"), ("held", "held with its lot")]


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_books"), ("people", "0001_initial")]
    operations = [
        migrations.AddField("lot", "sold_to_the_end", models.BooleanField(default=False)),
        migrations.AlterField("stockcell", "condition", models.CharField(choices=CONDITIONS, default="sellable", max_length=12)),
        migrations.AddIndex("lot", models.Index(fields=["merchant", "-id"], name="lots_of_merchant")),
        migrations.AddIndex("lot", models.Index(condition=models.Q(("expires_on__isnull", False)), fields=["merchant", "expires_on", "id"], name="lots_by_date")),
        migrations.AddIndex("stockcell", models.Index(condition=models.Q(("qty__gt", 0)), fields=["lot"], name="cell_of_lot")),
        migrations.RunSQL(
            (SQL / "lots.sql").read_text(encoding="utf-8"),
            "DROP TRIGGER movement_sum_of_lots ON inventory_stockmovement; DROP FUNCTION colisage_movement_lots()",
        ),
    ]
