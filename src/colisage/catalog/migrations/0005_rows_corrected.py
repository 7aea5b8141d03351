import django.db.models.deletion
from django.db import migrations, models

BY_REASON = '''
UPDATE catalog_catalogimport AS f
SET refused = coalesce(
  (SELECT jsonb_object_agg(c.reason, c.n)
   FROM (SELECT r.reason, count(*) AS n FROM catalog_catalogrefusedrow AS r WHERE r.run_id = f.id GROUP BY r.reason) AS c),
  '{}')
'''
EACH_BY_ITSELF = 'UPDATE catalog_catalogrefusedrow SET first_row = number'


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_lists'),
    ]

    operations = [
        migrations.RemoveField('catalogimport', 'refused'),
        migrations.AddField('catalogimport', 'refused', models.JSONField(default=dict)),
        migrations.AddField('catalogimport', 'ignored', models.JSONField(default=dict)),
        migrations.AddField('catalogimport', 'corrected', models.IntegerField(default=0)),
        migrations.AddField('catalogimport', 'resend', models.JSONField(default=list)),
        migrations.AlterField('catalogimport', 'file_name', models.CharField(max_length=255)),
        migrations.AlterField('catalogimport', 'by_name', models.CharField(blank=True, max_length=150)),
        migrations.AddField('catalogrefusedrow', 'first_row', models.IntegerField(default=0), preserve_default=False),
        migrations.AddField(
            'catalogrefusedrow',
            'state',
            models.CharField(choices=[('open', 'to correct'), ('corrected', 'corrected'), ('aside', 'set aside')], default='open', max_length=9),
        ),
        migrations.AddField('catalogrefusedrow', 'cells', models.JSONField(null=True)),
        migrations.AddField('catalogrefusedrow', 'tries', models.IntegerField(default=0)),
        migrations.AddField('catalogrefusedrow', 'made_id', models.BigIntegerField(null=True)),
        migrations.AddField('catalogrefusedrow', 'done_by', models.JSONField(null=True)),
        migrations.AddField('catalogrefusedrow', 'settled_at', models.DateTimeField(null=True)),
        migrations.AlterField(
            'catalogrefusedrow',
            'run',
            models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.catalogimport'),
        ),
        migrations.RunSQL(EACH_BY_ITSELF, migrations.RunSQL.noop),
        migrations.RunSQL(BY_REASON, migrations.RunSQL.noop),
        migrations.AddConstraint('catalogrefusedrow', models.UniqueConstraint(fields=('run', 'number'), name='catalogrefusedrow_once')),
        migrations.AddIndex('catalogrefusedrow', models.Index(fields=['run', 'state', 'first_row'], name='catalogrefusedrow_state')),
        migrations.AddIndex('catalogrefusedrow', models.Index(fields=['run', 'first_row'], name='catalogrefusedrow_whole')),
    ]
