from django.db import migrations, models

EACH_BY_ITSELF = "UPDATE intake_refusedrow SET order_row = number"


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0003_column_mappings'),
    ]

    operations = [
        migrations.AddField('importrun', 'corrected', models.IntegerField(default=0)),
        migrations.AddField('refusedrow', 'order_row', models.IntegerField(default=0), preserve_default=False),
        migrations.AddField(
            'refusedrow',
            'state',
            models.CharField(choices=[('open', 'to correct'), ('waiting', 'being read again'), ('corrected', 'corrected'), ('aside', 'set aside')], default='open', max_length=9),
        ),
        migrations.AddField('refusedrow', 'cells', models.JSONField(null=True)),
        migrations.AddField('refusedrow', 'tries', models.IntegerField(default=0)),
        migrations.AddField('refusedrow', 'order_id', models.BigIntegerField(null=True)),
        migrations.AddField('refusedrow', 'done_by', models.JSONField(null=True)),
        migrations.AddField('refusedrow', 'settled_at', models.DateTimeField(null=True)),
        migrations.AddIndex('refusedrow', models.Index(fields=['run', 'state', 'order_row'], name='rows_to_correct')),
        migrations.AddIndex('refusedrow', models.Index(fields=['run', 'order_row'], name='rows_of_an_order')),
        migrations.AddIndex(
            'refusedrow',
            models.Index(fields=['run'], name='rows_being_read_again', condition=models.Q(('state', 'waiting'))),
        ),
        migrations.RunSQL(EACH_BY_ITSELF, migrations.RunSQL.noop),
    ]
