from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0004_stock_proofs")]
    operations = [
        migrations.AddIndex(
            model_name="stockcell",
            index=models.Index(
                fields=["sku"], name="cell_set_aside", condition=models.Q(("qty__gt", 0), ("sellable", False))
            ),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(fields=["sku"], name="reservation_owed", condition=models.Q(("state", "waiting"))),
        ),
    ]
