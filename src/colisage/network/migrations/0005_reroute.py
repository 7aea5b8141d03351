from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0004_lanes_and_suppliers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='disruption',
            name='effect',
            field=models.CharField(choices=[('hold', 'hold them'), ('redate', 'promise a later day'), ('reroute', 'send them another way, hold the others')], max_length=8),
        ),
    ]
