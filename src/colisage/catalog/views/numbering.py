"""The settings of identification: company prefixes, numbers of plates, and what the scanners send."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from colisage.catalog.actions.save_numbering import NumberingTold, refuse_numbering, save_numbering
from colisage.catalog.forms import NumberingForm
from colisage.catalog.models import Numbering
from colisage.catalog.queries.numbering import numberings
from colisage.catalog.queries.scans import judged
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.gs1 import Reading
from colisage.kit.gs1.digits import printed_gtin
from colisage.kit.gs1.units import SPECIMEN, most_serial, plate_code, sscc

Owner = tuple[str, int]


def _owners(request: Any) -> dict[Owner, str]:
    """Give the merchants and operators whose numbering the person may set, with their names."""
    view = request.view
    merchants = {("merchant", pk): party.name for pk, party in view.merchants.items() if view.may_for(pk)}
    operators = {
        ("operator", pk): view.operators[pk].name for pk, roles in view.operator_roles.items() if "manager" in roles
    }
    return operators | merchants


@login_required
@require_http_methods(["GET", "POST"])
def numbering(request: Any) -> HttpResponse:
    """Show how everybody numbers; try a scanner."""
    owners = _owners(request)
    if not owners:
        raise NotAllowed
    found = numberings(_ids(owners, "merchant"), _ids(owners, "operator"))
    context: dict[str, Any] = {
        "section": "settings",
        "rows": [_row(owner, name, found.get(owner)) for owner, name in owners.items()],
        "owned": sum(bool(one.company_prefix) for one in found.values()),
    }
    if request.method == "POST":
        context |= _tried(request, request.POST.get("code", "")[:1000])
    return render(request, "catalog/numbering.html", context, status=422 if context.get("refused") else 200)


def _ids(owners: dict[Owner, str], kind: str) -> list[int]:
    return [pk for owner, pk in owners if owner == kind]


def _row(owner: Owner, name: str, one: Numbering | None) -> dict[str, Any]:
    kind, pk = owner
    return {
        "name": name,
        "kind": _("merchant") if kind == "merchant" else _("operator"),
        "url": reverse("numbering-edit", args=[kind, pk]),
        "prefix": one.company_prefix if one else "",
        "next": _next(one),
        "left": one.last_serial + 1 - one.next_serial if one else 0,
        "plate": f"{one.plate_prefix if one else 'LPN'}…",
        "separator": one.separator if one else "",
    }


def _next(one: Numbering | None) -> str:
    if not one or not one.company_prefix or one.next_serial > one.last_serial:
        return "—"
    return sscc(one.company_prefix, extension=one.extension, serial=one.next_serial)


def _tried(request: Any, code: str) -> dict[str, Any]:
    """Say what a scan says, without booking anything."""
    scan = judged(list(request.view.merchants), code=code)
    reading = scan.reading
    return {
        "tried": True,
        "shown": "".join(letter if letter.isprintable() else "·" for letter in code)[:80],
        "refused": "" if reading or scan.hits else scan.why,
        "says": _says(reading) if reading else [],
        "doubtful": bool(reading and reading.doubts),
        "repaired": bool(reading and reading.repaired),
    }


def _says(reading: Reading) -> list[tuple[str, Any]]:
    told = [
        (_("GTIN"), printed_gtin(reading.gtin) if reading.gtin else ""),
        (_("GTIN inside"), printed_gtin(reading.content) if reading.content else ""),
        (_("SSCC"), reading.sscc),
        (_("Lot"), reading.lot),
        (_("Serial number"), reading.serial),
        (_("Expires on"), reading.expires_on),
        (_("Best before"), reading.best_before),
        (_("Pieces"), reading.count),
        (_("Net weight, g"), reading.grams),
        (_("Place (GLN)"), " ".join(filter(None, (reading.location, reading.location_part)))),
        (_("Tag"), reading.epc),
        *((f"({code})", value) for code, value in reading.rest),
        *((_("Perhaps"), value) for _field, value in reading.may_be),
    ]
    return [(name, value) for name, value in told if value not in {"", None}]


@login_required
@require_http_methods(["GET", "POST"])
def edit_numbering(request: Any, kind: str, pk: int) -> HttpResponse:
    """Set how one merchant or operator numbers; show examples first."""
    owners = _owners(request)
    if (kind, pk) not in owners:
        raise NotThere
    known = numberings([pk] if kind == "merchant" else [], [pk] if kind == "operator" else []).get((kind, pk))
    form = NumberingForm(request.POST or None, initial=_known(known))
    examples = _examples(known)
    if request.method == "POST" and form.is_valid():
        told = NumberingTold(**form.told())
        try:
            refuse_numbering(told)
            examples = _examples(told)
            if "check" not in request.POST:
                save_numbering(told, actor=request.actor, **{f"{kind}_id": pk})
                messages.success(request, _("Saved. Labels printed from now on have these numbers."))
                return redirect("numbering")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "owner": owners[kind, pk], "examples": examples, "section": "settings"}
    return render(request, "catalog/numbering_edit.html", context, status=422 if form.errors else 200)


def _known(one: Numbering | None) -> dict[str, Any]:
    if one is None:
        return {}
    return {
        "company_prefix": one.company_prefix, "extension": one.extension, "first": one.next_serial,
        "last": one.last_serial, "plate_prefix": one.plate_prefix, "separator": one.separator,
    }  # fmt: skip


def _examples(one: Numbering | NumberingTold | None) -> list[tuple[str, str]]:
    """Give an SSCC, a plate and a label as they will be."""
    first = (one.next_serial if isinstance(one, Numbering) else one.first) if one else 1
    prefix = one.company_prefix if one else ""
    serial = min(first, most_serial(prefix)) if prefix else 1
    unit = sscc(prefix or SPECIMEN, extension=one.extension if one and prefix else 0, serial=serial)
    return [
        (_("SSCC") if prefix else _("SSCC (specimen)"), f"(00) {unit}"),
        (_("Plate"), plate_code(one.plate_prefix if one else "LPN", 1)),
        (_("A lot and a date as scanned"), f"10AB12{(one.separator if one else '') or '<GS>'}17270131"),
    ]
