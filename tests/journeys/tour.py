"""The tour of the README, as a person with a browser takes it: every step says what is seen there."""

import os
import re
import time
from pathlib import Path
from typing import Final

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from colisage.desk.management.commands.demo_load import TILLEUL
from colisage.ui import words
from tests.journeys.conftest import House

DESK: Final = {"width": 1280, "height": 900}
PHONE: Final = {"width": 360, "height": 740}
MANAGER: Final = "chen@maison-tilleul.example"
ONE_LINE: Final = """[...document.querySelectorAll('.subnav .views')].every(
  row => new Set([...row.children].map(tab => tab.offsetTop)).size === 1)"""
CODES: Final = {name: code for code, name, *_rest in TILLEUL}  # what the barcode on each article says


class Tour:
    """A person at the desk and on the floor, who reads one language."""

    def __init__(self, house: House, page: Page, *, language: str) -> None:
        self.house = house
        self.page = page
        self.language = language

    def word(self, text: str, **places: object) -> str:
        """Give a word as the person reads it."""
        with translation.override(self.language):
            told = gettext(text)
        return told % places if places else told

    def go(self, path: str, *, width: dict[str, int] = DESK) -> None:
        """Open a page, as wide as the screen that is used for it; nothing may stick out of it."""
        self.page.set_viewport_size(width)  # type: ignore[arg-type]
        self.page.goto(f"{self.house.tree.address}{path}")
        self.fits()

    def shot(self, name: str) -> None:
        """Keep a picture of what is seen, where somebody wants pictures (the README has some)."""
        if folder := os.environ.get("COLISAGE_SCREENSHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}-{self.language}.png")

    def fits(self) -> None:
        """See that the page is in the person's language and no wider than the screen, its tabs each row in one line."""
        assert self.page.evaluate("document.documentElement.lang") == self.language
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url
        assert self.page.evaluate(ONE_LINE), self.page.url

    def press(self, text: str, **places: object) -> None:
        """Press the first button or link that says so."""
        self.named(text, **places).first.click()

    def open(self, what: Locator) -> None:
        """Press what brings another page, and wait for that: a click returns before it is there."""
        with self.page.expect_navigation():
            what.click()

    def named(self, text: str, **places: object) -> Locator:
        """Find buttons and links by what they say."""
        name = re.compile(r"\s+".join(map(re.escape, self.word(text, **places).split())))
        return self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))

    def scan(self, code: str) -> None:
        """Do what a scanner does: type the code and press Enter."""
        field = self.page.locator("[data-scan]")
        field.evaluate("field => { field.dataset.scanned = 'yes' }")  # the answer brings another field, or none
        field.fill(code)
        field.press("Enter")
        self.page.wait_for_function("() => !document.querySelector('[data-scanned]')")
        self.page.wait_for_load_state()  # an answer that is a page of its own begins empty

    def log_in(self) -> None:
        """Log in with the password that the first start made, and read the language one likes."""
        self.page.goto(f"{self.house.tree.address}/")
        self.page.locator("[name=username]").fill(MANAGER)
        self.page.locator("[name=password]").fill(self.house.passwords[MANAGER])
        self.open(self.page.locator("main button.primary"))
        self.page.locator(f".lang [value={self.language}]").click()
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        self.fits()
        self.shot("today")

    def import_orders(self, file: Path) -> None:
        """Send a file with orders: what is right goes through, what is wrong comes back with a reason."""
        self.go("/orders/")
        self.press("Import")
        self.page.locator("input[type=file]").set_input_files(file)
        self.page.locator("[name=channel]").select_option(label="Maison Tilleul · Fichiers")
        self.page.locator("main form[enctype] button.primary").click()
        expect(self.page.locator("h1")).to_contain_text("10", timeout=20_000)
        self.shot("import")
        with self.page.expect_download() as download:
            self.press("The rows to correct")
        refused = Path(download.value.path()).read_text(encoding="utf-8-sig")
        assert "MUG-INCONNU" in refused
        assert "deux" in refused
        assert self.word("Reason for refusal") in refused.splitlines()[0]

    def until_sourced(self, number: str) -> None:
        """Look an order up until it says which node serves it."""
        patience = time.monotonic() + 60
        while True:
            self.go(f"/search?q={number.lstrip('#')}")
            if self.page.locator("main").get_by_text("Lyon").count():
                return
            assert time.monotonic() < patience, self.page.locator("main").inner_text()
            time.sleep(0.5)

    def receive(self, number: str) -> None:
        """Receive what a supplier sent, by scan, and put it away where the page says."""
        self.go("/inbound/")
        receive = self.page.locator("tr", has_text=number).get_by_role("link", name=self.word("Receive"))
        if not receive.count():  # somebody before us took it in
            return
        self.open(receive)
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        self.scan("MUG-GRES-BLEU")
        self.page.locator("[name=good]").fill("24")
        self.open(self.named("Take in").first)
        expect(self.page.locator(".verdict")).to_have_attribute("data-verdict", "ok")
        self.press("Put away")
        self.page.locator("main table a").first.click()
        plate = "-".join(re.findall(r"\w+", self.page.locator(".plate .code").inner_text()))
        self.page.locator("[name=code]").fill(plate)
        self.press("Put away")
        expect(self.page.locator("main")).to_contain_text(self.word("The dock is empty"))

    def pick(self) -> int:
        """Release everything that is ready, and walk: scan what each plate shows. One scan is of a wrong item."""
        self.until_released()
        picked = 0
        while True:
            self.go("/picking/floor", width=PHONE)
            take = self.page.locator("main form button")
            if not take.count():
                return picked
            self.open(take.first)
            while self.page.locator("[data-scan]").count():
                if not picked:
                    self.shot("pick")
                    self.scan("CECI-N-EST-RIEN")
                    expect(self.page.locator(".verdict")).to_have_attribute("data-verdict", "bad")
                    self.shot("pick-wrong")
                self.scan(CODES[self.page.locator(".item b").first.inner_text().strip()])
                picked += 1

    def until_released(self) -> None:
        """Release each cut-off's orders."""
        self.go("/picking/")
        while (release := self.page.locator("form[id^=release] button")).count():
            self.open(release.first)

    def pack(self) -> int:
        """Open each parcel, scan its contents, weigh it, close it."""
        packed = 0
        while True:
            self.go("/packing/")
            parcel = self.page.locator("a[href^='/packing/parcels/']")
            if not _first_number(self.page.locator("h1").inner_text()):
                return packed
            if not parcel.count():  # picked a moment ago: the worker plans its parcels
                time.sleep(0.3)
                continue
            self.go(str(parcel.first.get_attribute("href")))
            while self.page.locator("[data-scan]").count():
                self.scan(CODES[self.page.locator("[data-at=now] b").first.inner_text().strip()])
            if not packed:
                self.shot("pack")
            expected = self.page.locator(".scale header .soft").inner_text()
            self.page.locator("#grams").fill(str(_grams(expected)))
            self.open(self.named("Close the parcel").first)
            packed += 1

    def ship(self, parcels: int) -> None:
        """See labels appear by themselves; hand the pile over, and print the manifest."""
        patience = time.monotonic() + 90
        self.go("/shipping/")
        while _first_number(self.page.locator("h1").inner_text()) != parcels:
            assert time.monotonic() < patience, self.page.locator("main").inner_text()
            time.sleep(0.5)
            self.go("/shipping/")
        self.shot("ship")
        self.press("Hand over")
        self.open(self.page.locator("dialog[open] button.primary, dialog[open] form button").last)
        assert self.page.locator("a[href^='/shipping/manifests/']").count()

    def mail(self, to: str, *, about: str, says: str) -> str:
        """Wait for a mail, in French as the shop's customers read; give the link in it."""
        with translation.override("fr"):
            wanted = gettext(says) % {"number": about}
        patience = time.monotonic() + 40
        while not (found := self.house.mails_to(to, about=wanted)):
            assert time.monotonic() < patience, [str(m["Subject"]) for m in self.house.post.mails if m["To"] == to]
            time.sleep(0.3)
        link = re.search(r"http\S+", found[-1])
        assert link
        return link[0].removeprefix(self.house.tree.address)

    def follow(self, path: str) -> None:
        """Look at the customer's page until the parcel has come."""
        patience = time.monotonic() + 60
        self.go(path, width=PHONE)
        while self.page.locator("h1").inner_text().strip() != self.word("Your order is delivered"):
            assert time.monotonic() < patience, self.page.locator("main").inner_text()
            time.sleep(0.5)
            self.go(path, width=PHONE)

    def send_back(self) -> str:
        """Ask for a return on the customer's page, and get the label; give the number of the return."""
        self.shot("customer")
        self.press("Return an item")
        self.page.locator("select[name^=units_]").first.select_option("1")
        self.page.locator("select[name^=reason_]").first.select_option("changed_mind")
        self.press("Ask for the return")
        label = self.page.request.get(self.house.tree.address + str(self.named("Label").first.get_attribute("href")))
        assert label.body().startswith(b"%PDF")
        number = re.search(r"R\d{6}", self.page.locator("main").inner_text())
        assert number
        return number[0]

    def take_back(self, number: str) -> str:
        """At the returns table: scan the label, scan what is inside, judge it, and put it back to its bin."""
        self.go("/returns/table", width=PHONE)
        self.scan(number)
        name = self.page.locator(".checks b").first.inner_text().strip()
        self.scan(CODES[name])
        self.shot("return-table")
        self.press("as new")
        self.open(self.page.locator("[name=disposition][value=restock]"))
        return name

    def refund(self, number: str, *, cents: int) -> None:
        """Decide the refund, to the cent, and say that it was paid."""
        self.go("/returns/?view=decide")
        self.open(self.page.locator("main tbody a").first)
        with translation.override(self.language):
            amount = words.money(cents, currency="EUR")
        self.shot("refund")
        self.press("Decide the refund of %(total)s", total=amount)
        self.press("It is paid back")
        self.page.locator("dialog[open] #reference").fill(f"re-{number}")
        self.page.locator("dialog[open]").get_by_role("button", name=self.word("It is paid back")).click()
        expect(self.page.locator("h1 ~ p, .head").first).to_contain_text(self.word("closed"))


def _grams(text: str) -> int:
    """Read a weight off the page: its digits are grams below ten kilograms."""
    return int(re.sub(r"\D", "", text))


def _first_number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found[0]) if found else 0
