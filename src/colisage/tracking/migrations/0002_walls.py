from django.db import migrations

from colisage.kit.walls import WEB, WORKER, SameMerchant, Wall

SAME_MERCHANT = (
    ("tracking_track", "order_id", "orders_order"),
    ("tracking_track", "fulfillment_order_id", "orders_fulfillmentorder"),
    ("tracking_track", "parcel_id", "packing_parcel"),
    ("tracking_trackingevent", "track_id", "tracking_track"),
)
# Messages come in at a public door and belong to nobody yet: the web role puts them in and sees none of them.
POST_BOX = f"""
ALTER TABLE tracking_webhookdelivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracking_webhookdelivery FORCE ROW LEVEL SECURITY;
CREATE POLICY web ON tracking_webhookdelivery FOR INSERT TO {WEB} WITH CHECK (true);
CREATE POLICY worker ON tracking_webhookdelivery TO {WORKER} USING (true);
"""
OPEN_BOX = """
DROP POLICY web ON tracking_webhookdelivery;
DROP POLICY worker ON tracking_webhookdelivery;
ALTER TABLE tracking_webhookdelivery NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tracking_webhookdelivery DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("tracking", "0001_tables"), ("orders", "0002_walls"), ("packing", "0002_walls")]
    operations = [
        *[Wall(f"tracking_{table}") for table in ("track", "trackingevent")],
        *[SameMerchant(table, column=column, target=target) for table, column, target in SAME_MERCHANT],
        migrations.RunSQL(POST_BOX, OPEN_BOX),
    ]
