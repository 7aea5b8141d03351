import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0004_lanes_and_suppliers'),
        ('orders', '0009_disruptions'),
        ('people', '0001_tables'),
    ]

    operations = [
        migrations.AddField(
            model_name='orderchange',
            name='disruption',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.disruption'),
        ),
        migrations.AddConstraint(
            model_name='orderchange',
            constraint=models.UniqueConstraint(condition=models.Q(('disruption__isnull', False)), fields=('disruption', 'order'), name='one_change_per_disruption'),
        ),
    ]
