import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from colisage.kit.walls import Wall

OF_NODE = "EXISTS (SELECT 1 FROM network_node n WHERE n.id = node_id AND n.operator_id = ANY (colisage_operators()))"


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0006_longest_on'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='place',
            index=models.Index(condition=models.Q(('kind', 'bin')), fields=['node', 'x_mm', 'y_mm'], name='bins_of_a_bay'),
        ),
        migrations.CreateModel(
            name='Stretch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('walk', models.IntegerField()),
                ('first', models.CharField(max_length=30)),
                ('last', models.CharField(max_length=30)),
                ('places', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('node', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.node')),
                ('zone', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.zone')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('node', 'zone', 'number'), name='one_stretch', nulls_distinct=False)],
            },
        ),
        Wall("network_stretch", seen=OF_NODE),
    ]
