from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [
        Wall("catalog_sku"),
        Wall("catalog_barcode"),
        Wall("catalog_component"),
        SameMerchant("catalog_barcode", column="sku_id", target="catalog_sku"),
        SameMerchant("catalog_component", column="parent_id", target="catalog_sku"),
        SameMerchant("catalog_component", column="sku_id", target="catalog_sku"),
    ]
