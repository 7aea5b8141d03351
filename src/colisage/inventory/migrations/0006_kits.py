import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_import_walls'),
        ('inventory', '0005_stock_browser'),
        ('network', '0002_walls'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assembly',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('assembled', 'assembled'), ('disassembled', 'taken apart')], max_length=12)),
                ('qty', models.IntegerField()),
                ('once', models.UUIDField()),
                ('by_name', models.CharField(max_length=150)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('lot', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.lot')),
                ('made_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.assembly')),
                ('merchant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.merchant')),
                ('node', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.node')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.place')),
                ('sku', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sku')),
            ],
        ),
        migrations.CreateModel(
            name='AssemblyLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('per_kit', models.IntegerField()),
                ('qty', models.IntegerField()),
                ('assembly', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.assembly')),
                ('lot', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.lot')),
                ('merchant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.merchant')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.place')),
                ('plate', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.licenseplate')),
                ('sku', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sku')),
            ],
        ),
        migrations.AddIndex(
            model_name='assembly',
            index=models.Index(fields=['sku', '-id'], name='assemblies_of_kit'),
        ),
        migrations.AddConstraint(
            model_name='assembly',
            constraint=models.UniqueConstraint(fields=('merchant', 'once'), name='assembly_once'),
        ),
        migrations.AddConstraint(
            model_name='assembly',
            constraint=models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='assembly_is_of_kits'),
        ),
        migrations.AddConstraint(
            model_name='assemblyline',
            constraint=models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='assembly_line_is_of_units'),
        ),
        Wall("inventory_assembly"),
        Wall("inventory_assemblyline"),
        SameMerchant("inventory_assembly", column="sku_id", target="catalog_sku"),
        SameMerchant("inventory_assembly", column="made_by_id", target="inventory_assembly"),
        SameMerchant("inventory_assemblyline", column="assembly_id", target="inventory_assembly"),
        SameMerchant("inventory_assemblyline", column="sku_id", target="catalog_sku"),
    ]
