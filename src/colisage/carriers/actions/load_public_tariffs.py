"""The public tariff of La Poste, as published for 2026."""

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from colisage.carriers.actions.save_rate_card import CardRow, ZoneRow, save_rate_card
from colisage.kit.money import cents

FILE: Final = Path(__file__).resolve().parent.parent / "data" / "laposte_2026.csv"
EU: Final = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
NEAR: Final = (
    "AL",
    "AM",
    "AZ",
    "BA",
    "BY",
    "DZ",
    "GE",
    "IS",
    "LY",
    "MA",
    "MD",
    "ME",
    "MK",
    "MR",
    "NO",
    "RS",
    "TN",
    "TR",
    "UA",
)
ZONES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {  # zone: countries, beginnings of postcodes
    "FR": (("FR", "MC", "AD"), ()),
    "OM1": (("FR",), ("971", "972", "973", "974", "975", "976", "977", "978")),
    "OM2": (("FR",), ("984", "986", "987", "988")),
    "EU+CH": ((*EU, "CH", "LI", "SM", "VA"), ()),
    "UK": (("GB", "GG", "JE", "IM"), ()),
    "INT-B": (NEAR, ()),
    "INT-C": (("*",), ()),
}
# The services a parcel may be given to; prepaid boxes and letters are bought otherwise.
SERVICES: Final = {
    "Colissimo Domicile": ("colissimo-domicile", "home"),
    "Colissimo Point Retrait": ("colissimo-point-retrait", "relay"),
}


def load_public_tariffs() -> int:
    """Write the public rate cards; give how many. Loading them again changes nothing."""
    grids: dict[str, dict[str, list[tuple[int, int, int, int]]]] = defaultdict(lambda: defaultdict(list))
    with FILE.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            if row["service"] in SERVICES and row["zone"] in ZONES:
                low, _, high = row["announced_working_days"].partition("-")
                grids[row["service"]][row["zone"]].append(
                    (
                        int(Decimal(row["max_weight_kg"]) * 1000),
                        cents(row["price"], currency=row["currency"]),
                        int(low),
                        int(high or low),
                    )
                )
    for service, zones in grids.items():
        code, kind = SERVICES[service]
        save_rate_card(
            CardRow(
                carrier_code="laposte",
                carrier_name="La Poste Colissimo",
                service_code=code,
                service_name=service,
                kind=kind,
                from_country="FR",
                currency="EUR",
                valid_from=date(2026, 1, 1),
                source="La Poste, public tariff 2026",
                tracking_url="https://www.laposte.fr/outils/suivre-vos-envois?code={number}",
                zones=[
                    ZoneRow(code=zone, countries=ZONES[zone][0], prefixes=ZONES[zone][1], breaks=tuple(sorted(breaks)))
                    for zone, breaks in zones.items()
                ],
            )
        )
    return len(grids)
