import django.db.models.deletion
from django.db import migrations, models

BY_REASON = '''
UPDATE inventory_safetyfile AS f
SET refused = coalesce(
  (SELECT jsonb_object_agg(c.reason, c.n)
   FROM (SELECT r.reason, count(*) AS n FROM inventory_safetyrefusedrow AS r WHERE r.run_id = f.id GROUP BY r.reason) AS c),
  '{}')
'''
EACH_BY_ITSELF = 'UPDATE inventory_safetyrefusedrow SET first_row = number'


class Migration(migrations.Migration):

    dependencies = [
        ('inventory', '0009_changed_by_the_statement'),
    ]

    operations = [
        migrations.RemoveField('safetyfile', 'refused'),
        migrations.AddField('safetyfile', 'refused', models.JSONField(default=dict)),
        migrations.AddField('safetyfile', 'ignored', models.JSONField(default=dict)),
        migrations.AddField('safetyfile', 'corrected', models.IntegerField(default=0)),
        migrations.AddField('safetyfile', 'resend', models.JSONField(default=list)),
        migrations.AlterField('safetyfile', 'file_name', models.CharField(max_length=255)),
        migrations.AlterField('safetyfile', 'by_name', models.CharField(blank=True, max_length=150)),
        migrations.AddField('safetyrefusedrow', 'first_row', models.IntegerField(default=0), preserve_default=False),
        migrations.AddField(
            'safetyrefusedrow',
            'state',
            models.CharField(choices=[('open', 'to correct'), ('corrected', 'corrected'), ('aside', 'set aside')], default='open', max_length=9),
        ),
        migrations.AddField('safetyrefusedrow', 'cells', models.JSONField(null=True)),
        migrations.AddField('safetyrefusedrow', 'tries', models.IntegerField(default=0)),
        migrations.AddField('safetyrefusedrow', 'made_id', models.BigIntegerField(null=True)),
        migrations.AddField('safetyrefusedrow', 'done_by', models.JSONField(null=True)),
        migrations.AddField('safetyrefusedrow', 'settled_at', models.DateTimeField(null=True)),
        migrations.AlterField(
            'safetyrefusedrow',
            'run',
            models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.safetyfile'),
        ),
        migrations.RunSQL(EACH_BY_ITSELF, migrations.RunSQL.noop),
        migrations.RunSQL(BY_REASON, migrations.RunSQL.noop),
        migrations.AddConstraint('safetyrefusedrow', models.UniqueConstraint(fields=('run', 'number'), name='safetyrefusedrow_once')),
        migrations.AddIndex('safetyrefusedrow', models.Index(fields=['run', 'state', 'first_row'], name='safetyrefusedrow_state')),
        migrations.AddIndex('safetyrefusedrow', models.Index(fields=['run', 'first_row'], name='safetyrefusedrow_whole')),
    ]
