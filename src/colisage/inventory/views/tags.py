"""RFID at the desk: readers, what they read, and what is done about it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from colisage.inventory.actions.ask_reader import ask_reader
from colisage.inventory.actions.record_tag_read import record_tag_read
from colisage.inventory.actions.save_tag_reader import save_tag_reader
from colisage.inventory.actions.settle_tag_read import settle_tag_read
from colisage.inventory.forms.tags import ReaderForm, TagsForm
from colisage.inventory.models import TagRead, TagReadLine
from colisage.inventory.ports import detail_of, said
from colisage.inventory.queries.tags import lines_of_read, read_of, readers_of, reads_page
from colisage.inventory.rules.tags import NotAHost, split_tags
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.network.queries import NodeFacts, bins_of, nodes_run_by
from colisage.ui import words

PAGE = 50
TONES = {"reading": "blue", "read": "warn", "failed": "bad", "counting": "ok", "put_aside": "calm"}
READER_TONES = {"new": "calm", "asked": "blue", "ready": "ok", "silent": "bad"}


def _workplaces(request: Any, *roles: str) -> list[int]:
    """Give the operators at which one of these roles is held."""
    return [o for o, held in request.view.operator_roles.items() if held & {"manager", *roles}]


def _node(request: Any, operator_ids: list[int]) -> NodeFacts:
    """Give the node named by the form, or the only one there is."""
    nodes = nodes_run_by(operator_ids)
    asked = request.POST.get("node", "")
    found = next((node for node in nodes if str(node.id) == asked), nodes[0] if len(nodes) == 1 else None)
    if found is None:
        raise NotThere
    return found


@login_required
@require_GET
def tag_reads(request: Any) -> HttpResponse:
    """List readers and reads, and take tags in."""
    return _page(request, TagsForm(), ReaderForm())


def _page(request: Any, form: TagsForm, reader_form: ReaderForm, status: int = 200) -> HttpResponse:
    operators = list(request.view.operators)
    before = request.GET.get("after", "")
    found = reads_page(operators, before=int(before) if before.isdecimal() and len(before) < 19 else 0, size=PAGE)
    context = {
        "rows": [{"read": read, "tone": TONES[read.state]} for read in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "readers": [
            {"reader": r, "tone": READER_TONES[r.state], "told": said(r.told), "detail": detail_of(r.told)}
            for r in readers_of(operators)
        ],
        "nodes": nodes_run_by(_workplaces(request, "receiver")),
        "form": form,
        "reader_form": reader_form,
        "may_read": bool(_workplaces(request, "receiver")),
        "may_set": bool(_workplaces(request)),
    }
    return render(request, "inventory/tag_reads.html", context, status=status)


@login_required
@require_POST
def tags_sent(request: Any) -> HttpResponse:
    """Compare tags that were sent with the books of their bin."""
    operators = _workplaces(request, "receiver")
    if not operators:
        raise NotAllowed
    node = _node(request, operators)
    form = TagsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, ReaderForm(), status=422)
    code = form.cleaned_data["bin"].strip().upper()
    place = next((one.id for one in bins_of(node.id) if one.code.upper() == code), None)
    if place is None:
        form.add_error("bin", _("There is no bin of this name at %(node)s.") % {"node": node.name})
        return _page(request, form, ReaderForm(), status=422)
    try:
        read = record_tag_read(
            node.operator_id,
            node_id=node.id,
            place_id=place,
            epcs=split_tags(form.cleaned_data["tags"]),
            merchant_ids=[m for o, m in request.view.serving if o == node.operator_id and m in request.view.merchants],
            actor=request.actor,
        )
    except Refused as refusal:
        form.add_error("tags", str(refusal))
        return _page(request, form, ReaderForm(), status=422)
    return redirect("tag-read", read)


@login_required
@require_GET
def tag_read(request: Any, read_id: int) -> HttpResponse:
    """Show a read beside the books."""
    read = read_of(list(request.view.operators), read_id=read_id)
    if read is None:
        raise NotThere
    lines = lines_of_read(list(request.view.merchants), read_id=read_id)
    context = {
        "read": read,
        "told": said(read.told),
        "detail": detail_of(read.told),
        "tone": TONES[read.state],
        "finding": _finding(read, lines),
        "lines": lines,
        "differ": any(line.expected != line.seen for line in lines),
        "may_settle": read.operator_id in _workplaces(request, "receiver"),
        "standings": {"unknown": _("nobody’s goods here"), "unit": _("pallet or carton"), "unreadable": _("no EPC")},
        "tab": "tag-reads",
    }
    return render(request, "inventory/tag_read.html", context)


def _finding(read: TagRead, lines: list[TagReadLine]) -> str:
    if read.state == "reading":
        return _("%(bin)s is being read") % {"bin": words.plate(read.place.code)}
    if read.state == "failed":
        return _("%(bin)s could not be read") % {"bin": words.plate(read.place.code)}
    missing = sum(max(line.expected - line.seen, 0) for line in lines)
    more = sum(max(line.seen - line.expected, 0) for line in lines)
    facts = {"bin": words.plate(read.place.code), "missing": words.count(missing), "more": words.count(more)}
    if not missing and not more:
        return _("%(bin)s: every unit was seen") % facts
    told = ngettext(
        "%(bin)s: %(missing)s unit not seen, %(more)s not in the books",
        "%(bin)s: %(missing)s units not seen, %(more)s not in the books",
        missing,
    )
    return told % facts


@login_required
@require_POST
def tag_read_settle(request: Any, read_id: int) -> HttpResponse:
    """Have the bin counted, or put the read aside."""
    read = read_of(_workplaces(request, "receiver"), read_id=read_id)
    if read is None:
        raise NotThere
    count = request.POST.get("what") == "count"
    try:
        settle_tag_read(read.operator_id, read_id=read_id, count=count, actor=request.actor)
        done = _("The bin waits for a count. The books change when it is counted.") if count else _("Put aside.")
        messages.success(request, done)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("tag-read", read_id)


@login_required
@require_POST
def reader_add(request: Any) -> HttpResponse:
    """Add a reader."""
    operators = _workplaces(request)
    if not operators:
        raise NotAllowed
    node = _node(request, operators)
    form = ReaderForm(request.POST)
    if not form.is_valid():
        return _page(request, TagsForm(), form, status=422)
    told = form.cleaned_data
    try:
        save_tag_reader(
            node.operator_id, node_id=node.id, name=told["name"], host=told["host"], port=told["port"],
            place_code=told["bin"], actor=request.actor,
        )  # fmt: skip
    except NotThere:
        form.add_error("bin", _("There is no bin of this name at %(node)s.") % {"node": node.name})
    except NotAHost as refusal:
        form.add_error("host", str(refusal))
    except Refused as refusal:
        form.add_error("name", str(refusal))
    if form.errors:
        return _page(request, TagsForm(), form, status=422)
    messages.success(request, _("The reader is added. Try it now."))
    return redirect("tag-reads")


@login_required
@require_POST
def reader_ask(request: Any, reader_id: int) -> HttpResponse:
    """Try a reader, or have it read a bin now."""
    reader = next((r for r in readers_of(_workplaces(request, "receiver")) if r.pk == reader_id), None)
    if reader is None:
        raise NotThere
    wanted = request.POST.get("what") == "read"
    code = request.POST.get("bin", "")[:30].replace("\x00", "")
    try:
        read = ask_reader(reader.operator_id, reader_id=reader_id, read=wanted, bin_code=code, actor=request.actor)
    except NotThere:
        messages.error(request, _("There is no bin of this name at %(node)s.") % {"node": reader.node.name})
        return redirect("tag-reads")
    if read is not None:
        return redirect("tag-read", read)
    messages.success(request, _("The reader is being asked. Look again in some seconds."))
    return redirect("tag-reads")
