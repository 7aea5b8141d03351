from django.db import migrations

from colisage.kit.walls import WEB, SameMerchant, Wall

SAME_MERCHANT = (
    ("connectors_capturedevent", "job_id", "connectors_capturejob"),
    ("connectors_capturedname", "event_id", "connectors_capturedevent"),
    ("connectors_capturedname", "sku_id", "catalog_sku"),
    ("connectors_connection", "channel_id", "network_channel"),
    ("connectors_errand", "connection_id", "connectors_connection"),
)
# Whose messages arrive at an address is asked before anybody is known. Who does not know its 43 random characters sees
# nothing.
HOOK = f"""
CREATE POLICY hook ON connectors_connection FOR SELECT TO {WEB}
  USING (active AND hook = nullif(current_setting('colisage.hook', true), ''))
"""


class Migration(migrations.Migration):
    dependencies = [("connectors", "0001_tables"), ("catalog", "0002_walls"), ("network", "0002_walls")]
    operations = [
        *[
            Wall(f"connectors_{table}")
            for table in ("capturejob", "capturedevent", "capturedname", "connection", "errand")
        ],
        *[SameMerchant(table, column=column, target=target) for table, column, target in SAME_MERCHANT],
        migrations.RunSQL(HOOK, "DROP POLICY hook ON connectors_connection"),
    ]
