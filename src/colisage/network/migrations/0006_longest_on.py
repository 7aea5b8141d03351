from django.db import migrations, models

FILL = "UPDATE network_disruption SET longest_on = ends_on"


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0005_reroute'),
    ]

    operations = [
        migrations.AddField(
            model_name='disruption',
            name='longest_on',
            field=models.DateField(null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
