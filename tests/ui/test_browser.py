"""The pages in a browser: what scripts and sheets really do, under the real content security policy."""

import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.test import override_settings
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
RIGHT, WRONG = "3760123444417", "3760123444424"
OVERFLOWING = """() => [...document.querySelectorAll('body *')].filter((e) => {
  const box = e.getBoundingClientRect();
  if (!e.checkVisibility() || !box.width || box.right <= innerWidth + 1) return false;
  for (let up = e; up && up !== document.body; up = up.parentElement) {
    const style = getComputedStyle(up);
    if (/auto|scroll|hidden/.test(style.overflowX) || style.clipPath !== 'none') return false;
  }
  return true;
}).map((e) => e.tagName + '.' + (e.className.baseVal ?? e.className))"""


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Leave the test's output alone."""


def let_pass_slowly(route: Any) -> None:
    time.sleep(0.15)
    route.continue_()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, ipv6=False)
    server.daemon_threads = True
    with override_settings(ROOT_URLCONF="tests.ui.addresses", ALLOWED_HOSTS=["*"], STATIC_URL="/static/"):
        server.set_app(StaticFilesHandler(WSGIHandler()))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def page(chromium: Any, site: str) -> Iterator[Any]:
    context = chromium.new_context(base_url=site, locale="fr", reduced_motion="reduce")
    opened = context.new_page()
    refused: list[str] = []
    opened.on("pageerror", lambda error: refused.append(str(error)))
    opened.on("console", lambda said: refused.append(said.text) if "Content Security" in said.text else None)
    yield opened
    context.close()
    assert refused == []


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("address", ["/", "/pick/"])
def test_nothing_leaves_the_page_at_any_width(page: Any, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERFLOWING) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_what_another_machine_answered_stays_inside_its_notice(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto("/")
    said = '{"code":"woocommerce_rest_cannot_view","message":"Sorry","data":{"status":401}}' * 3
    page.locator(".notice > div").first.evaluate("(e, said) => e.append(said)", said)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERFLOWING) == []


def test_a_long_state_is_read_whole_in_a_list_on_a_phone(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/")
    badge = page.locator(".table.list .badge").first
    badge.evaluate("e => { e.append(' with many words of which none may be cut off at the edge of the card') }")
    card = badge.locator("xpath=ancestor::*[contains(@class, 'card')][1]")
    assert card.evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_the_scan_field_is_seen_whole_on_a_small_phone(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/pick/")
    box = page.locator("#scan").bounding_box()
    assert box["y"] + box["height"] < 740
    assert box["height"] >= 56
    page.keyboard.type(WRONG)
    page.keyboard.press("Enter")
    page.locator("[data-verdict=bad]").wait_for()
    box = page.locator("#scan").bounding_box()
    assert box["y"] + box["height"] < 740


def test_a_slash_goes_to_the_search_but_not_while_typing(page: Any) -> None:
    page.goto("/")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.locator("#id_sku").fill("")
    page.locator("#id_sku").press("/")
    expect(page.locator("#id_sku")).to_have_value("/")


def test_a_dialog_opens_keeps_and_closes(page: Any) -> None:
    page.goto("/")
    page.locator("[data-opens=cancel]").click()
    dialog = page.locator("#cancel")
    expect(dialog).to_be_visible()
    dialog.locator("[value=keep]").click()
    expect(dialog).to_be_hidden()
    assert page.url.endswith("/")


def test_the_bar_counts_the_rows_ticked_and_hides_without(page: Any) -> None:
    page.goto("/")
    bar = page.locator(".bulk")
    expect(bar).to_be_hidden()
    page.locator("[data-all=carrier]").check()
    expect(bar.locator("[data-ticked]")).to_have_text("3")
    expect(bar).to_be_visible()


def test_the_language_switch_works_without_script(chromium: Any, site: str) -> None:
    context = chromium.new_context(base_url=site, locale="fr", java_script_enabled=False)
    page = context.new_page()
    page.goto("/?q=mug")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.locator(".bar .lang [value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(f"{site}/?q=mug")
    context.close()


def test_the_menus_stay_on_a_small_screen(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/")
    for menu in page.locator("details.menu").all():
        menu.locator("summary").click()
        inside = menu.locator(":scope > :not(summary)")
        expect(inside).to_be_visible()
        box = inside.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360


def test_a_right_and_a_wrong_scan_are_told_apart_and_the_field_listens_again(page: Any) -> None:
    page.goto("/pick/")
    for code, verdict, kept in ((WRONG, "bad", WRONG), (RIGHT, "ok", "")):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        page.locator(f"[data-verdict={verdict}]").wait_for()
        page.wait_for_function("document.activeElement.id === 'scan'")
        expect(page.locator("#scan")).to_have_value(kept)
        expect(page.locator("[data-verdict]")).to_have_attribute("data-heard", "")


def test_on_a_page_that_loads_again_the_next_scan_replaces_the_refused_one(page: Any) -> None:
    page.goto("/plain/")
    for code in (WRONG, RIGHT, WRONG):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        page.locator("[data-verdict] dd", has_text=re.compile(f"^{code}$")).wait_for(timeout=5_000)
        page.wait_for_function("document.activeElement.id === 'scan'")


def test_a_scanner_is_heard_wherever_the_focus_is(page: Any) -> None:
    page.goto("/pick/")
    page.locator("#elsewhere").focus()
    page.keyboard.type(RIGHT)
    page.keyboard.press("Enter")
    page.locator("[data-verdict=ok]").wait_for()


def test_scans_faster_than_the_network_are_each_sent_once_and_in_order(page: Any) -> None:
    page.goto("/pick/")
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data.rsplit("=", 1)[1]) if one.method == "POST" else None)
    page.route("**/scan/", let_pass_slowly)
    codes = [f"376012344{number:04}" for number in range(8)] + [RIGHT]
    for code in codes:
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    page.locator("[data-verdict=ok]").wait_for()
    assert sent == codes


def test_without_network_a_scan_is_kept_and_said(page: Any) -> None:
    page.goto("/pick/")
    page.context.set_offline(True)
    page.keyboard.type(RIGHT)
    page.keyboard.press("Enter")
    page.locator(".toast").wait_for()
    expect(page.locator("#scan")).to_have_value(RIGHT)
    expect(page.locator(".sync .off")).to_be_visible()
    page.context.set_offline(False)


def test_without_network_a_plain_page_stays_and_sends_the_scan_once_later(page: Any) -> None:
    page.goto("/plain/")
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    page.context.set_offline(True)
    for _turn in range(2):
        page.keyboard.type(WRONG)
        page.keyboard.press("Enter")
        page.locator(".toast").wait_for()
    page.locator(".floorbar a").click()
    expect(page.locator(".toast")).to_have_count(1)
    expect(page.locator("#scan")).to_have_value(WRONG)
    assert sent == []
    page.context.set_offline(False)
    page.locator(".toast").wait_for(state="detached")
    page.locator("#scan").press("Enter")
    page.locator("[data-verdict=bad]").wait_for()
    assert len(sent) == 1


def test_a_house_that_does_not_answer_is_no_network_though_the_phone_has_one(page: Any) -> None:
    page.goto("/plain/")
    page.route("**/network.js*", lambda route: route.abort())
    page.evaluate("dispatchEvent(new Event('online'))")  # asks at once, as every few seconds
    page.locator("html[data-network=off]").wait_for()
    page.keyboard.type(WRONG)
    page.keyboard.press("Enter")
    page.locator(".toast").wait_for()
    expect(page.locator("#scan")).to_have_value(WRONG)
    page.unroute("**/network.js*")
    page.locator("html[data-network=on]").wait_for()
    page.keyboard.press("Enter")
    page.locator("[data-verdict=bad]").wait_for()
