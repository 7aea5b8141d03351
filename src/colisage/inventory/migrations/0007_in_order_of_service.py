from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_lists'),
        ('inventory', '0006_stock_value'),
        ('network', '0005_reroute'),
        ('people', '0001_tables'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='reservation',
            name='reservation_owed',
        ),
        migrations.AddIndex(
            model_name='reservation',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'ahead'])), fields=['sku', '-priority', 'turn', 'since', 'id'], name='reservation_owed'),
        ),
    ]
