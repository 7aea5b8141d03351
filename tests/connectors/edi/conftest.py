from collections.abc import Sequence

import pytest
from tests.books import balanced
from tests.cast import World
from tests.connectors.shops import connected

from colisage.connectors.models import Connection

__all__ = ["balanced"]
KEY = "k" * 32


@pytest.fixture
def connection(balanced: World) -> Connection:
    """Give the world's channel, on which partners order by EDI."""
    return connected(balanced, "edi", currency="EUR", country="FR", key=KEY, own="TILLEUL")


SHIP = ("N1*ST*Hôtel des Arts*92*0007", "N2*Mme Gauthier", "N3*8 rue Lepic*Bât. C", "N4*Paris**75018*FR")
MUGS = ("PO1*1*12*EA*15.50**VN*MUG", "PID*F****Blue mug")


def x850(number: str, *lines: str, purpose: str = "00", head: Sequence[str] = SHIP, control: str = "0001") -> list[str]:
    """Write one 850; lines are segments."""
    lines = lines or MUGS
    count = sum(line.startswith("PO1") for line in lines)
    inside = [
        f"ST*850*{control}", f"BEG*{purpose}*SA*{number}**20261120", *head, *lines, f"CTT*{count}",
    ]  # fmt: skip
    return [*inside, f"SE*{len(inside) + 1}*{control}"]


def x12(
    *orders: Sequence[str], number: int = 101, sender: str = "HOTELARTS", receiver: str = "TILLEUL", usage: str = "P",
    end: str = "~",
) -> str:  # fmt: skip
    """Write an interchange with one group."""
    isa = f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{sender:15}*ZZ*{receiver:15}*261120*1000*U*00401*{number:09}*0*{usage}*>"
    group = f"GS*PO*{sender}*{receiver}*20261120*1000*{number}*X*004010"
    segments = [isa, group, *(one for order in orders for one in order), f"GE*{len(orders)}*{number}"]
    return "".join(f"{one}{end}" for one in [*segments, f"IEA*1*{number:09}"])


def orders(number: str, *lines: str, function: str = "9", unit: str = "PCE", control: str = "1") -> list[str]:
    """Write one ORDERS; lines are segments."""
    lines = lines or ("LIN+1++MUG:SA", "IMD+F++:::Mug bleu", f"QTY+21:12:{unit}", "PRI+AAA:15.50")
    count = sum(line.startswith("LIN+") for line in lines)
    inside = [
        f"UNH+{control}+ORDERS:D:96A:UN:EAN008", f"BGM+220+{number}+{function}", "DTM+137:20261120:102",
        "DTM+2:20261201:102", "NAD+BY+3012345000004::9++Hôtel des Arts+2 rue Basse+Lyon++69001+FR",
        "NAD+DP+3012345000011::9++Hôtel d?'Aubigné+8 rue Lepic+Paris++75018+FR", "CTA+PD+:Mme Gauthier",
        "COM+0612345678:TE", "CUX+2:EUR:9", *lines, "UNS+S", f"CNT+2:{count}",
    ]  # fmt: skip
    return [*inside, f"UNT+{len(inside) + 1}+{control}"]


def edifact(*messages: Sequence[str], number: str = "ORD0001", sender: str = "3012345000004", end: str = "'") -> str:
    """Write an interchange."""
    body = [f"UNB+UNOC:3+{sender}:14+TILLEUL:14+261120:1000+{number}", *(one for each in messages for one in each)]
    return "UNA:+.? '" + "".join(f"{one}{end}" for one in [*body, f"UNZ+{len(messages)}+{number}"])
