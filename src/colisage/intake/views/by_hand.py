"""The door for an order that a person types."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from msgspec import structs

from colisage.catalog.queries import SkuFacts, skus_matching, skus_said
from colisage.intake.actions.accept_orders import Verdict
from colisage.intake.actions.enter_order import BY_HAND, Entered, enter_order
from colisage.intake.forms.by_hand import MOST_ROWS, HandOrderForm
from colisage.intake.ports import REASONS
from colisage.intake.queries.addresses import communes
from colisage.intake.rules import address_faults
from colisage.intake.rules.addresses import Finding, check
from colisage.kit.errors import NotAllowed, Refused
from colisage.network.queries import channels_of
from colisage.orders.queries import hold_reason
from colisage.people.queries import Party


@login_required
@require_http_methods(["GET", "POST"])
def new_order(request: Any) -> HttpResponse:
    """Type an order: what is wrong is said beside it, what was typed stays."""
    parties = _parties(request)
    if not parties:
        raise NotAllowed
    data = request.POST.copy() if request.method == "POST" else None
    party = parties[_chosen(data, parties)]
    if data is not None and "more" in data:
        data["rows"] = str(min(_rows(data) + 5, MOST_ROWS))
    form = HandOrderForm(data, channels=_channels(parties), home=party.currency, initial=_initial(party))
    finding = Finding()
    if data is not None and "more" not in data:
        finding, verdict = _entered(request, form, party)
        if verdict and verdict.order_id is not None and verdict.outcome != "refused":
            if verdict.outcome == "accepted":
                messages.success(request, _("The order is accepted."))
            return redirect("order", verdict.order_id)
        if finding.suggestion and "suggest" in data:
            for part, meant in finding.suggestion.items():
                data[part] = meant
            form = HandOrderForm(data, channels=_channels(parties), home=party.currency)
            finding = Finding()
    wrong = data is not None and not {"more", "suggest"} & set(data)
    context = {"form": form, "finding": _told(form, finding), "section": "orders", "more": form.count < MOST_ROWS}
    return render(request, "intake/new_order.html", context, status=422 if wrong else 200)


def _parties(request: Any) -> dict[int, Party]:
    ids = [request.merchant.id] if request.merchant else list(request.view.merchants)
    return {pk: request.view.merchants[pk] for pk in ids if request.view.may_for(pk, "support")}


def _channels(parties: Mapping[int, Party]) -> list[tuple[str, str]]:
    """Give the channels of the merchants, with the one of orders by hand first, even while nobody has used it."""
    found = []
    for pk, party in parties.items():
        channels = {code: one.name for code, one in channels_of(pk).items()}
        ordered = {BY_HAND: channels.get(BY_HAND, _("By hand")), **channels}
        found += [(f"{pk}:{code}", f"{party.name} · {name}") for code, name in ordered.items()]
    return found


def _chosen(data: Mapping[str, Any] | None, parties: Mapping[int, Party]) -> int:
    told = str((data or {}).get("channel", "")).partition(":")[0]
    return next((pk for pk in parties if str(pk) == told), next(iter(parties)))


def _initial(party: Party) -> dict[str, Any]:
    return {
        "token": secrets.token_urlsafe(18),
        "rows": 3,
        "country": party.country,
        "currency": party.currency,
        "language": party.language,
        "payment": "paid",
    }


def _rows(data: Mapping[str, Any]) -> int:
    told = str(data.get("rows", ""))
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 5 else 3


def _entered(request: Any, form: HandOrderForm, party: Party) -> tuple[Finding, Verdict | None]:
    """Check everything at once, so that all of it is said at once; accept what is right."""
    whole = form.is_valid()
    items = _items(form, party)
    finding = Finding()
    if any(not sku.digital for sku in items.values()) or not items:
        finding = _address(form)
    if not whole or form.errors:
        return finding, None
    draft = form.draft(items, now=timezone.now())
    channel = form.cleaned_data["channel"].partition(":")[2]
    entered = Entered(channel, draft, form.cleaned_data["hold"])
    try:
        verdict = enter_order(party.id, entered=entered, actor=request.actor)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return finding, None
    if verdict.outcome == "refused":
        form.add_error(None, str(REASONS.get(verdict.reason, verdict.reason)))
    return finding, verdict


def _items(form: HandOrderForm, party: Party) -> dict[int, SkuFacts]:
    """Find the SKU of each line; say beside a line that fits none, or several."""
    wanted = form.wanted()
    said = skus_said(party.id, texts=set(wanted.values())) if wanted else {}
    found = {}
    for n, text in wanted.items():
        hits = said.get(text, [])
        if len(hits) == 1:
            found[n] = hits[0]
        elif hits:
            names = ", ".join(f"{sku.code} ({sku.name})" for sku in hits[:5])
            form.add_error(f"what_{n}", _("Several items fit: %(names)s. Write the code of one.") % {"names": names})
        else:
            form.add_error(f"what_{n}", _("No item has this code, barcode or name."))
    return found


def _address(form: HandOrderForm) -> Finding:
    address = form.address()
    finding = check(structs.asdict(address), communes=communes()) if address else Finding()
    faults = list(dict.fromkeys((*address_faults(address), *finding.faults)))
    if "country" in form.errors:
        faults = [code for code in faults if code != "unknown_country"]
    if faults and not form.cleaned_data.get("sure"):
        form.say_address([(code, hold_reason(code)) for code in faults])
    return finding


def _told(form: HandOrderForm, finding: Finding) -> list[str]:
    """Give the address that was probably meant, as lines; nothing when what was typed stands."""
    if not finding.suggestion or not finding.faults:
        return []
    meant = finding.suggestion
    town = " ".join(filter(None, (meant["postcode"], meant["city"], meant["region"])))
    return [part for part in (meant["line1"], meant["line2"], town) if part]


@login_required
@require_GET
def offered_skus(request: Any) -> HttpResponse:
    """Give the SKUs that begin with what is being typed, as choices of a field."""
    text = next((value for name, value in request.GET.items() if name.startswith("what_")), "").replace("\x00", "")
    parties = _parties(request)
    skus = skus_matching(list(parties), text=text[:100], most=10) if len(text) > 1 else []
    return render(request, "intake/skus.html", {"skus": skus})
