from django.db import migrations

# Sourcing hears of orders through the rules now. In an installation that runs already the new handler goes on where
# the old ones stood, the further behind of both: what it hears twice changes nothing.
TAKE_OVER = """
INSERT INTO kit_cursor (handler, shard, next_xid)
SELECT 'colisage.automation.actions.judge_and_source.judge_and_source', shard, min(next_xid)
FROM kit_cursor
WHERE handler IN (
  'colisage.sourcing.actions.source_accepted.source_accepted',
  'colisage.sourcing.actions.source_changed.source_changed'
)
GROUP BY shard;
UPDATE kit_parked AS p SET handler = 'colisage.automation.actions.judge_and_source.judge_and_source'
WHERE handler IN (
  'colisage.sourcing.actions.source_accepted.source_accepted',
  'colisage.sourcing.actions.source_changed.source_changed'
);
DELETE FROM kit_cursor
WHERE handler IN (
  'colisage.sourcing.actions.source_accepted.source_accepted',
  'colisage.sourcing.actions.source_changed.source_changed'
);
"""


class Migration(migrations.Migration):
    dependencies = [("automation", "0002_walls"), ("kit", "0001_tables")]
    operations = [migrations.RunSQL(TAKE_OVER, migrations.RunSQL.noop)]
