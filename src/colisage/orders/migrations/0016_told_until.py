from django.db import migrations, models


FILL = """
UPDATE orders_hold h SET told_until = d.ends_on FROM network_disruption d WHERE d.id = h.disruption_id AND h.released_at IS NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0015_keys_at_once'),
    ]

    operations = [
        migrations.AddField(
            model_name='hold',
            name='told_until',
            field=models.DateField(null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
