from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):
    dependencies = [("connectors", "0001_captured_events"), ("catalog", "0002_walls"), ("kit", "0001_initial")]
    operations = [
        *[Wall(f"connectors_{table}") for table in ("capturejob", "capturedevent", "capturedname")],
        SameMerchant("connectors_capturedevent", column="job_id", target="connectors_capturejob"),
        SameMerchant("connectors_capturedname", column="event_id", target="connectors_capturedevent"),
        SameMerchant("connectors_capturedname", column="sku_id", target="catalog_sku"),
    ]
