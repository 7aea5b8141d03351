import django.db.models.deletion
from django.db import migrations, models

from colisage.kit.keys import KeysAtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_tables'),
        ('inventory', '0007_in_order_of_service'),
        ('network', '0001_tables'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reservation',
            name='node',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.node'),
        ),
        KeysAtOnce("inventory_reservation", keys={"sku_id": "catalog_sku"}, shared={"node_id": "network_node"}),
    ]
