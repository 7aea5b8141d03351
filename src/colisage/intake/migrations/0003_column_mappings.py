import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0002_walls'),
        ('network', '0002_walls'),
        ('people', '0001_tables'),
    ]

    operations = [
        migrations.AlterField(
            model_name='importrun',
            name='state',
            field=models.CharField(choices=[('columns', 'columns to point at'), ('waiting', 'waiting'), ('reading', 'being read'), ('done', 'done'), ('refused', 'refused')], default='waiting', max_length=8),
        ),
        migrations.CreateModel(
            name='ColumnMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('headers', models.JSONField(default=list)),
                ('places', models.JSONField(default=dict)),
                ('options', models.JSONField(default=dict)),
                ('by_name', models.CharField(blank=True, max_length=150)),
                ('saved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('channel', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.channel')),
                ('merchant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.merchant')),
            ],
            options={
                'indexes': [models.Index(fields=['merchant', 'channel'], name='mappings_of_merchant')],
                'constraints': [models.UniqueConstraint(fields=('channel', 'name'), name='one_mapping_of_a_name')],
            },
        ),
        Wall('intake_columnmapping'),
        SameMerchant('intake_columnmapping', column='channel_id', target='network_channel'),
    ]
