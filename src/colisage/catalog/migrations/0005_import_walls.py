from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_imports")]
    operations = [
        Wall("catalog_catalogimport"),
        Wall("catalog_catalogrefusedrow"),
        SameMerchant("catalog_catalogrefusedrow", column="run_id", target="catalog_catalogimport"),
    ]
