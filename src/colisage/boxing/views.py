"""The doors of packagings."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.boxing.actions.add_box_types import BoxCodeTaken, add_box_types
from colisage.boxing.actions.change_box_type import change_box_type
from colisage.boxing.actions.set_boxes_active import set_boxes_active
from colisage.boxing.forms import BoxTypeForm, typed_from
from colisage.boxing.models import BoxType
from colisage.boxing.queries import box_type_of, box_types_page, boxes_in_use
from colisage.kit.errors import NotAllowed, NotThere, Refused

PAGE = 50


def _managed(request: Any) -> list[tuple[int, str]]:
    """Give the operators the person manages: id and name."""
    return [
        (pk, request.view.operators[pk].name)
        for pk, roles in request.view.operator_roles.items()
        if "manager" in roles and pk in request.view.operators
    ]


def _page(request: Any, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"section": "settings", **context}, status=status)


def _find(request: Any, box_type_id: int) -> BoxType:
    """Give a packaging of an operator the person manages; whose staff may look, may not change."""
    found = box_type_of(list(request.view.operator_roles), box_type_id=box_type_id)
    if found is None:
        raise NotThere
    if "manager" not in request.view.operator_roles[found.operator_id]:
        raise NotAllowed
    return found


def _said(form: BoxTypeForm, refusal: Refused) -> None:
    form.add_error("code" if isinstance(refusal, BoxCodeTaken) else None, str(refusal))


@login_required
@require_GET
def boxes(request: Any) -> HttpResponse:
    """List the packagings of the operators the person works for."""
    ids = list(request.view.operator_roles)
    rows = box_types_page(ids, after=request.GET.get("after", "")[:60].replace("\x00", ""), size=PAGE)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    context = {
        "rows": [
            {
                "box": box,
                "inner": (box.inner_length_mm, box.inner_width_mm, box.inner_height_mm),
                "outer": (box.outer_length_mm, box.outer_width_mm, box.outer_height_mm),
                "managed": "manager" in request.view.operator_roles[box.operator_id],
            }
            for box in rows[:PAGE]
        ],
        "next": f"{last.code} {last.pk}" if last else None,
        "in_use": boxes_in_use(ids),
        "several": len(ids) > 1,
        "may_add": bool(_managed(request)),
    }
    return _page(request, "boxing/boxes.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_box(request: Any) -> HttpResponse:
    """Add a packaging."""
    operators = _managed(request)
    if not operators:
        raise NotAllowed
    form = BoxTypeForm(request.POST if request.method == "POST" else None, operators=operators)
    if request.method == "POST" and form.is_valid():
        try:
            add_box_types(form.cleaned_data["operator"], [form.box()], actor=request.actor)
        except Refused as refusal:
            _said(form, refusal)
        else:
            messages.success(request, _("Packaging %(code)s is added.") % {"code": form.cleaned_data["code"]})
            return redirect("boxes")
    return _page(request, "boxing/box.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def edit_box(request: Any, box_type_id: int) -> HttpResponse:
    """Change a packaging."""
    box = _find(request, box_type_id)
    operators = [(box.operator_id, box.operator.name)]
    form = BoxTypeForm(request.POST if request.method == "POST" else None, initial=typed_from(box), operators=operators)
    if request.method == "POST" and form.is_valid():
        try:
            change_box_type(box.operator_id, box_type_id=box.pk, box=form.box(), actor=request.actor)
        except Refused as refusal:
            _said(form, refusal)
        else:
            messages.success(request, _("Saved. Parcels planned from now on use it as it is."))
            return redirect("boxes")
    context = {"form": form, "box": box, "inner": (box.inner_length_mm, box.inner_width_mm, box.inner_height_mm)}
    return _page(request, "boxing/box.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def use_box(request: Any, box_type_id: int) -> HttpResponse:
    """Take a packaging out of use, or into use again."""
    box = _find(request, box_type_id)
    active = request.POST.get("active") == "1"
    set_boxes_active(box.operator_id, [box.pk], active=active, actor=request.actor)
    if active:
        messages.success(request, _("Packaging %(code)s is in use again.") % {"code": box.code})
    else:
        text = _("Packaging %(code)s is out of use. Parcels planned with it keep it.")
        messages.success(request, text % {"code": box.code})
    return redirect("boxes")
