from django.db import migrations, models

# What was said so far stays as it was said, whoever reads it.
FORWARDS = """
ALTER TABLE intake_importrun ALTER COLUMN problem TYPE jsonb USING
  CASE WHEN problem = '' THEN '{}'::jsonb ELSE jsonb_build_object('fr', problem, 'en', problem) END;
ALTER TABLE intake_importrun RENAME COLUMN problem TO problems;
"""
BACKWARDS = """
ALTER TABLE intake_importrun ALTER COLUMN problems TYPE text USING coalesce(problems->>'fr', '');
ALTER TABLE intake_importrun RENAME COLUMN problems TO problem;
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_walls")]
    operations = [
        migrations.RunSQL(
            FORWARDS,
            BACKWARDS,
            state_operations=[
                migrations.RenameField("importrun", "problem", "problems"),
                migrations.AlterField("importrun", "problems", models.JSONField(default=dict)),
            ],
        ),
    ]
