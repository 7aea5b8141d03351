import django.db.models.deletion
from django.db import migrations, models

from colisage.kit.walls import SameMerchant


class Migration(migrations.Migration):

    dependencies = [
        ('inbound', '0012_production_serials'),
        ('inventory', '0017_counts_left'),
    ]

    operations = [
        migrations.AddField(
            model_name='supplierreturnline',
            name='plate',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.licenseplate'),
        ),
        SameMerchant("inbound_supplierreturnline", column="plate_id", target="inventory_licenseplate"),
    ]
