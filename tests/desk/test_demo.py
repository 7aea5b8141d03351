"""The demo: small, in balance, and something to see on each page of the stock and of receiving."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from colisage.catalog.models import Barcode, Sku
from colisage.inventory.checks import differences
from colisage.kit.gs1.digits import is_gtin
from colisage.network.models import Zone
from colisage.people.models import User
from colisage.people.queries import merchant_called

SHOWN = {
    "stock": "RADIO-BOIS",
    "stock-plan": "C·10",
    "lots": "M-2511",
    "plates": "LPN",
    "kits": "Coffret bain et miel",
    "counts": "C·10·1",
    "count-log": "A·02·2",
    "count-plans": "Lyon",
    "availability": "BOUGIE-FIG-180",
    "tag-reads": "Portique du quai",
    "receiving": "R-77",
    "purchases": "L-118",
    "announcements": "BL-2207",
    "transfers": "Montréal",
    "suppliers": "Verrerie Lacaze",
    "consigned": "Verrerie Lacaze",
    "putaway-rules": "A-01-1 A-01-2",
}


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demo_shows_something_real_on_each_page_of_the_stock() -> None:
    call_command("demo_load")
    assert differences() == []
    locked_up = Sku.objects.get(code="RADIO-BOIS").storage
    assert locked_up is not None
    assert locked_up == Zone.objects.get(code="S").storage
    codes = list(Barcode.objects.values_list("code", flat=True))
    assert len(codes) > 40
    assert [code for code in codes if not is_gtin(code)] == []
    chen = Client(headers={"Accept-Language": "fr"})
    chen.force_login(
        User.objects.get(email="chen@maison-tilleul.example"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert merchant_called("tilleul").name == "Maison Tilleul"
    pages = {name: chen.get(reverse(name), {"text": "BOUGIE"} if name == "availability" else {}) for name in SHOWN}
    assert {name: page.status_code for name, page in pages.items()} == dict.fromkeys(SHOWN, 200)
    assert [name for name, said in SHOWN.items() if said not in pages[name].content.decode()] == []
