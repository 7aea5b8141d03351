from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_webhooks")]
    operations = [
        Wall("notices_webhookendpoint"),
        Wall("notices_webhookcall"),
        SameMerchant("notices_webhookcall", column="endpoint_id", target="notices_webhookendpoint"),
    ]
