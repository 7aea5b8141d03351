from django.db import migrations

from colisage.kit.tables import DropIndexes

# Each is the beginning of another index of its table, or the same backwards.


class Migration(migrations.Migration):
    dependencies = [
        ("boxing", "0002_walls"),
        ("carriers", "0002_walls"),
        ("catalog", "0005_rows_corrected"),
        ("connectors", "0006_looked_after"),
        ("desk", "0001_tables"),
        ("inbound", "0005_rows_corrected"),
        ("intake", "0005_rows_of_every_file"),
        ("inventory", "0010_rows_corrected"),
        ("network", "0009_blocked_bins_closed_nodes"),
        ("notices", "0004_question_about_address"),
        ("orders", "0017_doorsteps"),
        ("people", "0001_tables"),
        ("returns", "0004_tips_and_fees"),
    ]
    operations = [
        DropIndexes(
            fields=[
                "boxing.boxtype.operator",
                "carriers.ratebreak.zone",
                "carriers.ratecard.operator",
                "carriers.ratezone.card",
                "catalog.barcode.merchant",
                "catalog.component.parent",
                "connectors.errand.connection",
                "inbound.purchaseline.purchase_order",
                "inbound.suppliersku.supplier",
                "inventory.countfinding.task",
                "inventory.countplan.node",
                "inventory.countrule.node",
                "inventory.licenseplate.merchant",
                "inventory.lot.merchant",
                "inventory.tagreader.operator",
                "inventory.tagreadline.read",
                "network.channel.merchant",
                "network.closure.node",
                "network.node.operator",
                "network.nodeservice.node",
                "network.place.node",
                "network.zone.node",
                "notices.webhookendpoint.merchant",
                "orders.orderchange.order",
                "people.membership.user",
                "people.servicecontract.operator",
                "returns.refund.return_request",
                "returns.refundline.refund",
                "returns.shoprefund.order",
            ],
            indexes=[
                "catalog.catalogimport.catalog_imports_of",
                "connectors.capturedevent.captured_of_merchant",
                "connectors.capturejob.capture_jobs_of_merchant",
                "connectors.connection.connections_of_merchant",
                "inbound.announcementimport.announcement_imports_of",
                "inbound.delivery.deliveries_of",
                "intake.importrun.imports_of_merchant",
                "intake.shopmessage.shop_messages_of_merchant",
                "inventory.licenseplate.plates_of_merchant",
                "inventory.lot.lots_of_merchant",
                "inventory.safetyfile.safety_files_of",
            ],
        ),
    ]
