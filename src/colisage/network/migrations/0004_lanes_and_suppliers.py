import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0003_disruptions'),
    ]

    operations = [
        migrations.AddField(
            model_name='disruption',
            name='countries',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), default=list, size=None),
        ),
        migrations.AddField(
            model_name='disruption',
            name='delay_days',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='disruption',
            name='prefixes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None),
        ),
        migrations.AddField(
            model_name='disruption',
            name='supplier_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='disruption',
            name='tells',
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name='disruption',
            name='effect',
            field=models.CharField(choices=[('hold', 'hold them'), ('redate', 'promise a later day')], max_length=8),
        ),
        migrations.AlterField(
            model_name='disruption',
            name='kind',
            field=models.CharField(choices=[('node', 'node'), ('carrier', 'carrier'), ('lane', 'destination'), ('supplier', 'supplier')], max_length=8),
        ),
    ]
