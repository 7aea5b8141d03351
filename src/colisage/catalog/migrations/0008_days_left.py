from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_numbering_walls")]
    operations = [migrations.AddField("sku", "days_left", models.PositiveSmallIntegerField(default=0, db_default=0))]
