import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0009_storage'),
        ('inbound', '0010_inspections'),
        ('inventory', '0013_holds'),
        ('network', '0003_storage'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlateLoad',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('qty', models.IntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='receipt',
            name='undone_is_not_put_away',
        ),
        migrations.RemoveConstraint(
            model_name='receipt',
            name='receipt_is_of_units',
        ),
        migrations.AddField(
            model_name='receipt',
            name='plated',
            field=models.IntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(('damaged__gte', 0), ('good__gte', 0), ('plated__gte', 0), ('put_away__gte', 0), ('put_away__lte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('good'), '-', models.F('rejected')), '-', models.F('plated'))), ('rejected__gte', 0), models.Q(('good__gt', 0), ('damaged__gt', 0), _connector='OR')), name='receipt_is_of_units'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(('undone_at__isnull', True), models.Q(('plated', 0), ('put_away', 0)), _connector='OR'), name='undone_is_not_put_away'),
        ),
        migrations.AddField(
            model_name='plateload',
            name='merchant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.merchant'),
        ),
        migrations.AddField(
            model_name='plateload',
            name='plate',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.licenseplate'),
        ),
        migrations.AddField(
            model_name='plateload',
            name='receipt',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inbound.receipt'),
        ),
        migrations.AddIndex(
            model_name='plateload',
            index=models.Index(fields=['merchant', 'plate'], name='loads_of_merchant'),
        ),
        migrations.AddConstraint(
            model_name='plateload',
            constraint=models.UniqueConstraint(fields=('receipt', 'plate'), name='one_load_of_a_receipt'),
        ),
        migrations.AddConstraint(
            model_name='plateload',
            constraint=models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='load_is_of_units'),
        ),
        Wall("inbound_plateload"),
        SameMerchant("inbound_plateload", column="receipt_id", target="inbound_receipt"),
        SameMerchant("inbound_plateload", column="plate_id", target="inventory_licenseplate"),
    ]
