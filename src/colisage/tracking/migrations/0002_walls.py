from django.db import migrations

from colisage.kit.walls import WEB, WORKER, SameMerchant, Wall

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
    dependencies = [("tracking", "0001_initial"), ("orders", "0002_walls"), ("packing", "0002_walls")]
    operations = [
        Wall("tracking_track"),
        Wall("tracking_trackingevent"),
        SameMerchant("tracking_track", column="order_id", target="orders_order"),
        SameMerchant("tracking_track", column="fulfillment_order_id", target="orders_fulfillmentorder"),
        SameMerchant("tracking_track", column="parcel_id", target="packing_parcel"),
        SameMerchant("tracking_trackingevent", column="track_id", target="tracking_track"),
        migrations.RunSQL(POST_BOX, OPEN_BOX),
    ]
