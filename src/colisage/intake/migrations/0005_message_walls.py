from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_messages"), ("network", "0002_walls")]
    operations = [
        Wall("intake_shopmessage"),
        SameMerchant("intake_shopmessage", column="channel_id", target="network_channel"),
        SameMerchant("intake_shopmessage", column="corrects_id", target="intake_shopmessage"),
    ]
