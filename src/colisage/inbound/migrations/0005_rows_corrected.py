import django.db.models.deletion
from django.db import migrations, models

BY_REASON = '''
UPDATE inbound_announcementimport AS f
SET refused = coalesce(
  (SELECT jsonb_object_agg(c.reason, c.n)
   FROM (SELECT r.reason, count(*) AS n FROM inbound_announcementrefusedrow AS r WHERE r.run_id = f.id GROUP BY r.reason) AS c),
  '{}')
'''
EACH_BY_ITSELF = 'UPDATE inbound_announcementrefusedrow SET first_row = number'


class Migration(migrations.Migration):

    dependencies = [
        ('inbound', '0004_postponements'),
    ]

    operations = [
        migrations.RemoveField('announcementimport', 'refused'),
        migrations.AddField('announcementimport', 'refused', models.JSONField(default=dict)),
        migrations.AddField('announcementimport', 'ignored', models.JSONField(default=dict)),
        migrations.AddField('announcementimport', 'corrected', models.IntegerField(default=0)),
        migrations.AddField('announcementimport', 'resend', models.JSONField(default=list)),
        migrations.AddField('announcementimport', 'options', models.JSONField(default=dict)),
        migrations.AlterField('announcementimport', 'file_name', models.CharField(max_length=255)),
        migrations.AlterField('announcementimport', 'by_name', models.CharField(blank=True, max_length=150)),
        migrations.AddField('announcementrefusedrow', 'first_row', models.IntegerField(default=0), preserve_default=False),
        migrations.AddField(
            'announcementrefusedrow',
            'state',
            models.CharField(choices=[('open', 'to correct'), ('corrected', 'corrected'), ('aside', 'set aside')], default='open', max_length=9),
        ),
        migrations.AddField('announcementrefusedrow', 'cells', models.JSONField(null=True)),
        migrations.AddField('announcementrefusedrow', 'tries', models.IntegerField(default=0)),
        migrations.AddField('announcementrefusedrow', 'made_id', models.BigIntegerField(null=True)),
        migrations.AddField('announcementrefusedrow', 'done_by', models.JSONField(null=True)),
        migrations.AddField('announcementrefusedrow', 'settled_at', models.DateTimeField(null=True)),
        migrations.AlterField(
            'announcementrefusedrow',
            'run',
            models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inbound.announcementimport'),
        ),
        migrations.RunSQL(EACH_BY_ITSELF, migrations.RunSQL.noop),
        migrations.RunSQL(BY_REASON, migrations.RunSQL.noop),
        migrations.AddConstraint('announcementrefusedrow', models.UniqueConstraint(fields=('run', 'number'), name='announcementrefusedrow_once')),
        migrations.AddIndex('announcementrefusedrow', models.Index(fields=['run', 'state', 'first_row'], name='announcementrefusedrow_state')),
        migrations.AddIndex('announcementrefusedrow', models.Index(fields=['run', 'first_row'], name='announcementrefusedrow_whole')),
    ]
