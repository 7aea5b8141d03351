from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

OF_OPERATOR = "operator_id = ANY (colisage_operators())"
# A merchant's staff see the operator that works for them, but not the other merchants it works for.
OF_BOTH = f"{OF_OPERATOR} AND merchant_id = ANY (colisage_merchants())"
SAME_MERCHANT = (
    ("inventory_lot", "sku_id", "catalog_sku"),
    ("inventory_stockcell", "sku_id", "catalog_sku"),
    ("inventory_stockmovement", "sku_id", "catalog_sku"),
    ("inventory_availability", "sku_id", "catalog_sku"),
    ("inventory_reservation", "sku_id", "catalog_sku"),
    ("inventory_assembly", "sku_id", "catalog_sku"),
    ("inventory_assembly", "made_by_id", "inventory_assembly"),
    ("inventory_assemblyline", "assembly_id", "inventory_assembly"),
    ("inventory_assemblyline", "sku_id", "catalog_sku"),
    ("inventory_countline", "sku_id", "catalog_sku"),
    ("inventory_countline", "lot_id", "inventory_lot"),
    ("inventory_countfinding", "sku_id", "catalog_sku"),
    ("inventory_countfinding", "lot_id", "inventory_lot"),
    ("inventory_tagreadline", "sku_id", "catalog_sku"),
    ("inventory_channelbuffer", "sku_id", "catalog_sku"),
    ("inventory_channelbuffer", "channel_id", "network_channel"),
    ("inventory_stockhold", "channel_id", "network_channel"),
    ("inventory_stockholdline", "hold_id", "inventory_stockhold"),
    ("inventory_stockholdline", "sku_id", "catalog_sku"),
    ("inventory_safetyrefusedrow", "run_id", "inventory_safetyfile"),
    ("inventory_skuspeed", "sku_id", "catalog_sku"),
)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_tables"), ("catalog", "0002_walls"), ("network", "0002_walls")]
    operations = [
        *[
            Wall(f"inventory_{table}")
            for table in (
                "lot",
                "licenseplate",
                "stockcell",
                "stockmovement",
                "availability",
                "lacking",
                "reservation",
                "allocation",
                "assembly",
                "assemblyline",
                "adjustmentreason",
                "channelbuffer",
                "stockhold",
                "stockholdline",
                "safetyfile",
                "safetyrefusedrow",
                "skuspeed",
            )
        ],
        *[
            Wall(f"inventory_{table}", seen=OF_OPERATOR)
            for table in ("binroom", "countplan", "count", "counttask", "countround", "countstray", "tagreader", "tagread")
        ],
        *[Wall(f"inventory_{table}", seen=OF_BOTH) for table in ("countline", "countfinding", "tagreadline")],
        Wall(
            "inventory_countrule",
            seen=f"{OF_OPERATOR} AND (merchant_id IS NULL OR merchant_id = ANY (colisage_merchants()))",
        ),
        *[SameMerchant(table, column=column, target=target) for table, column, target in SAME_MERCHANT],
    ]
