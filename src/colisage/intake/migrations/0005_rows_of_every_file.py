import django.db.models.deletion
from django.db import migrations, models

TO_CORRECT_AS_BEFORE = "UPDATE intake_refusedrow SET state = 'open' WHERE state = 'waiting'"


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0004_rows_corrected'),
    ]

    operations = [
        migrations.RunSQL(TO_CORRECT_AS_BEFORE, migrations.RunSQL.noop),
        migrations.RemoveConstraint('refusedrow', 'refused_once'),
        migrations.RemoveIndex('refusedrow', 'rows_to_correct'),
        migrations.RemoveIndex('refusedrow', 'rows_of_an_order'),
        migrations.RemoveIndex('refusedrow', 'rows_being_read_again'),
        migrations.RenameField('refusedrow', 'order_row', 'first_row'),
        migrations.RenameField('refusedrow', 'order_id', 'made_id'),
        migrations.AlterField(
            'refusedrow',
            'state',
            models.CharField(choices=[('open', 'to correct'), ('corrected', 'corrected'), ('aside', 'set aside')], default='open', max_length=9),
        ),
        migrations.AlterField(
            'refusedrow',
            'run',
            models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='intake.importrun'),
        ),
        migrations.AddConstraint('refusedrow', models.UniqueConstraint(fields=('run', 'number'), name='refusedrow_once')),
        migrations.AddIndex('refusedrow', models.Index(fields=['run', 'state', 'first_row'], name='refusedrow_state')),
        migrations.AddIndex('refusedrow', models.Index(fields=['run', 'first_row'], name='refusedrow_whole')),
        migrations.AddField('importrun', 'resend', models.JSONField(default=list)),
    ]
