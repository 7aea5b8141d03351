from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import colisage.kit.models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0003_lots_and_serials"),
        ("kit", "0001_initial"),
    ]
    operations = [
        migrations.DeleteModel(name="StockProof"),  # it was never written
        migrations.CreateModel(
            name="StockProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("upto", colisage.kit.models.XidField()),
                ("system", models.BigIntegerField()),
                ("movements", models.BigIntegerField()),
                ("digest", models.BigIntegerField()),
                ("cells", models.IntegerField()),
                ("differences", models.IntegerField()),
                ("full", models.BooleanField()),
                ("proven_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="ProvenCell",
            fields=[
                (
                    "cell",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="inventory.stockcell",
                    ),
                ),
                ("qty", models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="stockmovement",
            name="xid",
            field=colisage.kit.models.XidField(db_default=colisage.kit.models.CurrentTransaction()),
        ),
        migrations.AddIndex(
            model_name="stockmovement",
            index=models.Index(fields=["xid"], name="movements_since"),
        ),
        migrations.AlterField(
            model_name="allocation",
            name="cell",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.stockcell",
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(condition=models.Q(("open", True)), fields=["cell"], name="allocation_open"),
        ),
        migrations.RunSQL((SQL / "guard_cells.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
