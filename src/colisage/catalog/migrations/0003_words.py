from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from colisage.kit.walls import Wall

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_walls")]
    operations = [
        migrations.CreateModel(
            name="SkuWord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "merchant_id", "word", "sku_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("word", models.CharField(db_collation="C", max_length=60)),
                (
                    "merchant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.merchant",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.sku",
                    ),
                ),
            ],
        ),
        Wall("catalog_skuword"),
        migrations.RunSQL(
            (SQL / "words.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION colisage_sku_words() CASCADE; DROP FUNCTION colisage_words(text)",
        ),
    ]
