from django.db import migrations

from colisage.kit.walls import Wall


class Migration(migrations.Migration):
    dependencies = [("carriers", "0001_tables")]
    operations = [
        Wall("carriers_ratecard", seen="operator_id IS NULL OR operator_id = ANY (colisage_operators())"),
    ]
