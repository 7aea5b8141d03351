from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_walls")]

    operations = [
        migrations.RemoveConstraint(model_name="sku", name="one_sku_code"),
        migrations.AddField(
            model_name="sku",
            name="code_key",
            field=models.GeneratedField(
                expression=Upper("code"), output_field=models.CharField(max_length=100), db_persist=True
            ),
        ),
        migrations.AddConstraint(
            model_name="sku",
            constraint=models.UniqueConstraint(fields=["merchant", "code_key"], name="one_sku_code"),
        ),
    ]
