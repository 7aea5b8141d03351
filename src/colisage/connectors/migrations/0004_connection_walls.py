from django.db import migrations

from colisage.kit.walls import WEB, SameMerchant, Wall

# Whose messages arrive at an address is asked before anybody is known. Who does not know its 43 random characters sees
# nothing.
HOOK = f"""
CREATE POLICY hook ON connectors_connection FOR SELECT TO {WEB}
  USING (active AND hook = nullif(current_setting('colisage.hook', true), ''))
"""


class Migration(migrations.Migration):
    dependencies = [("connectors", "0003_connections"), ("network", "0002_walls")]
    operations = [
        Wall("connectors_connection"),
        Wall("connectors_errand"),
        SameMerchant("connectors_connection", column="channel_id", target="network_channel"),
        SameMerchant("connectors_errand", column="connection_id", target="connectors_connection"),
        migrations.RunSQL(HOOK, "DROP POLICY hook ON connectors_connection"),
    ]
