import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inventory', '0016_places_taken'),
        ('network', '0003_storage'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='countround',
            name='seen_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name='countrule',
            name='idle_hours',
            field=models.SmallIntegerField(default=8),
        ),
        migrations.AddField(
            model_name='counttask',
            name='left_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='counttask',
            name='left_by',
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddConstraint(
            model_name='countrule',
            constraint=models.CheckConstraint(condition=models.Q(('idle_hours__range', (1, 72))), name='idle_is_of_hours'),
        ),
    ]
