from django.db import migrations

# A statement that says itself which transaction it is needs no trigger a row: what every order does says it.
SAID = """
DROP TRIGGER availability_changed ON inventory_availability;
CREATE TRIGGER availability_changed BEFORE UPDATE OF source, sellable, reserved, safety, ahead_cap, ahead, unreleased ON inventory_availability
  FOR EACH ROW WHEN (NEW.changed = OLD.changed) EXECUTE FUNCTION colisage_availability_changed();
"""
UNSAID = """
DROP TRIGGER availability_changed ON inventory_availability;
CREATE TRIGGER availability_changed BEFORE UPDATE OF source, sellable, reserved, safety, ahead_cap, ahead, unreleased ON inventory_availability
  FOR EACH ROW EXECUTE FUNCTION colisage_availability_changed();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('inventory', '0008_keys_at_once'),
    ]

    operations = [
        migrations.RunSQL(SAID, UNSAID),
    ]
