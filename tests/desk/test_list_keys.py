"""The list of orders in a browser: keys move a focus that is seen, tick and open; fields keep what is typed."""

from typing import Any

import pytest
from playwright.sync_api import expect

from colisage.orders.models import Hold, Order
from tests.cast import PASSWORD, World
from tests.desk.test_holds import orders_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "document.activeElement.closest('tr')?.querySelector('th a').textContent"


@pytest.fixture
def page(world: World, chromium: Any, live_server: Any, request: pytest.FixtureRequest) -> Any:
    """Open the list as Chen on a phone; `request.param` may switch scripts off."""
    orders_of(world, 3)
    context = chromium.new_context(
        base_url=live_server.url, locale="en", viewport={"width": 360, "height": 740}, **getattr(request, "param", {})
    )
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    refused: list[str] = []
    opened.on("pageerror", lambda error: refused.append(str(error)))
    opened.on("console", lambda said: refused.append(said.text) if "Content Security" in said.text else None)
    opened.goto("/")
    opened.fill("input[name=username]", world.chen.email)
    opened.fill("input[type=password]", PASSWORD)
    opened.keyboard.press("Enter")
    opened.wait_for_url(lambda url: "log" not in url)
    opened.goto("/orders/")
    yield opened
    context.close()
    assert refused == []


def press(page: Any, keys: str) -> str | None:
    for key in keys.split():
        page.keyboard.press(key)
    return str(page.evaluate(AT)) if page.evaluate(AT) else None


def test_keys_walk_tick_and_open_rows_and_leave_fields_alone(page: Any) -> None:
    newest, middle, oldest = Order.objects.order_by("-pk").values_list("number", flat=True)
    assert press(page, "ArrowDown") is None  # scrolls, as everywhere
    assert press(page, "j") == newest
    assert press(page, "j ArrowDown j") == oldest  # the last row stays
    assert press(page, "ArrowUp") == middle
    row = page.locator("tr", has_text=middle)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert row.evaluate("e => getComputedStyle(e).boxShadow") != "none"
    expect(page.locator(".bulk")).to_be_hidden()
    press(page, "x")
    expect(row.locator("[name=order]")).to_be_checked()
    expect(page.locator("[data-ticked]")).to_have_text("1")
    assert press(page, "k") == newest  # on from the row, wherever in it the focus is

    page.keyboard.press("f")
    page.keyboard.type("jxk?n")
    expect(page.locator("#f")).to_have_value("jxk?n")
    expect(page.locator("[name=order]:checked")).to_have_count(1)
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()

    page.locator("h1").click()
    press(page, "j j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders/{Order.objects.get(number=middle).pk}")


def test_enter_opens_the_order_from_its_box_too_and_begins_nothing_in_the_bar(page: Any) -> None:
    newest = Order.objects.order_by("-pk")[0]
    page.locator("[name=order]").first.check()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders/{newest.pk}")


def test_the_keys_are_shown_and_can_be_switched_off(page: Any) -> None:
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert press(page, "j") is None  # not behind a dialog
    page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.reload()
    assert press(page, "j") is None
    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator("[data-opens=keys]").click()
    page.locator("[data-keys-on]").check()
    page.locator("#keys button").click()
    expect(page.locator("#keys")).to_be_hidden()
    assert press(page, "j")


def test_on_a_phone_rows_are_ticked_and_held_and_nothing_leaves_the_page(page: Any) -> None:
    for box in page.locator("[name=order]").all()[:2]:
        box.check()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert page.locator(".bulk").bounding_box()["y"] >= 0  # the bar stays in sight, in one line to be pushed
    assert page.locator(".bulk").bounding_box()["height"] < 80
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator(".bulk [value=hold]").click()
    page.locator("h1", has_text="Hold 2 orders").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("main button.primary").click()
    page.locator(".toast", has_text="2 orders wait.").wait_for()
    assert Hold.objects.count() == 2


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_without_script_orders_are_ticked_and_tagged_and_a_view_of_them_is_saved(page: Any) -> None:
    expect(page.locator(".bulk")).to_be_hidden()
    page.locator("[name=order]").first.check()
    page.locator(".bulk [value=tag]").click()
    page.locator("[name=tags]").fill("vip")
    page.locator("main button.primary").click()
    expect(page.locator(".toast", has_text="1 order is tagged.")).to_be_visible()
    page.locator("#f-tag").fill("vip")
    page.locator(".filters button").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator(".saved summary").click()
    page.locator("#view-name").fill("Our best")
    page.locator(".saved button").click()
    expect(page.locator("section .views [aria-current]")).to_have_text("Our best")
