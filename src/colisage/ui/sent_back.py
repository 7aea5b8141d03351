"""The pages of rows that came back, of any kind of file: listed, corrected, sent again, set aside.

An app makes one `RowPages` for its kind of file, adds its addresses, and says what is called otherwise there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.sent_files import (
    Kind,
    Opened,
    RowsChanged,
    RowState,
    Sent,
    SentBack,
    Typed,
    file_of,
    first_row_of,
    opened,
    resent_of,
    send_rows,
    send_rows_later,
    sent_back,
    set_rows_aside,
)
from colisage.ui.forms import RowsForm, opened_form
from colisage.ui.imported import refused_file

MOST: Final = 100  # rows of a list that are ticked at once
PAGE: Final = 25


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPages:
    """The pages of the rows of one kind of file, each row by itself. Where rows belong together, the words are others.

    `name` is that of the address of a file's page; those of its rows begin with it. `made` is the address of what a row
    becomes, `made_verb` leads there. `context` says where they stand, `role` who may correct besides managers.
    """

    kind: Kind
    name: str
    role: str = "manager"
    made: str = ""
    made_verb: str | Promise = ""
    context: Mapping[str, Any] = field(default_factory=dict)

    def addresses(self, page: str) -> list[URLPattern]:
        """Give the addresses of the rows, below that of a file's page (with its `run_id`)."""
        return [
            path(f"{page}/refused.csv", login_required(require_GET(self.refused)), name=f"{self.name}-refused"),
            path(f"{page}/reading", login_required(require_GET(self.reading)), name=f"{self.name}-reading"),
            path(f"{page}/rows", login_required(require_POST(self.settle)), name=f"{self.name}-settle"),
            path(
                f"{page}/rows/<int:first_row>",
                login_required(require_http_methods(["GET", "POST"])(self.open)),
                name=f"{self.name}-rows",
            ),
        ]

    # What is called otherwise where rows belong together.

    def column(self) -> str:
        """Name what a list lists."""
        return pgettext("of a file", "Row")

    def remark(self) -> str:
        """Say how rows are listed."""
        return ""

    def hint(self) -> str:
        """Say when all are sent again unchanged."""
        return _("After what was missing was added, for example. What is still wrong comes back.")

    def called(self, found: Opened) -> str:
        """Name rows that were opened."""
        named = {"number": found.first_row, "name": found.name}
        return (_("Row %(number)s (%(name)s)") if found.name else _("Row %(number)s")) % named

    def said_none_ticked(self) -> str:
        """Ask to tick first."""
        return _("Tick the rows first.")

    def said_taken(self, count: int) -> str:
        """Say how many were taken in."""
        return ngettext("%(n)s row is taken in.", "%(n)s rows are taken in.", count) % {"n": count}

    def said_again(self, count: int) -> str:
        """Say how many came back again."""
        return ngettext("%(n)s row came back again.", "%(n)s rows came back again.", count) % {"n": count}

    def said_one(self, found: Opened, answer: Sent) -> str:
        """Say that what was opened is taken in."""
        return _("Row %(number)s is taken in.") % {"number": found.first_row}

    # The page of a file.

    def run_of(self, request: Any, run_id: int) -> Any:
        """Find a file of those whom the reader sees."""
        run = file_of(self.kind.files, list(request.view.merchants), run_id=run_id)
        if run is None:
            raise NotThere
        return run

    def listed(self, request: Any, run: Any) -> dict[str, Any]:
        """Give what the page of a file shows of its rows: a page of them to correct, corrected, or set aside."""
        state, reason = request.GET.get("state", ""), request.GET.get("reason", "")
        state = state if state in RowState.values else "open"
        reason = reason if reason in self.kind.reasons and state == "open" else ""
        after = _number(request.GET.get("after", ""))
        found = sent_back(self.kind, run, state=state, reason=reason, after=after, size=PAGE)
        resent = resent_of(run)
        return {
            "back": [self._item(run, one) for one in found[:PAGE]],
            "next": found[PAGE - 1].first_row if len(found) > PAGE else None,
            "state": state,
            "reason": reason,
            "reason_said": self.kind.reasons.get(reason, ""),
            "resent": resent,
            "reading_url": self._url("reading", run),
            "settle_url": self._url("settle", run),
            "refused_url": self._url("refused", run),
            "file_url": reverse(self.name, args=[run.pk]),
            "views": self._views(run, state),
            "may": self._may(request, run),
            "actions": _actions(state),
            "words": {
                "column": self.column(),
                "remark": self.remark(),
                "hint": self.hint(),
                "made": self.made_verb,
            },
            "refused": self.told(run.refused),
            "ignored": self.told(run.ignored),
            "refused_count": run.refused_count,
        }

    def told(self, counts: Mapping[str, int]) -> list[tuple[str, str | Promise, int]]:
        """Give counts by reason with what the reason says, the most frequent first."""
        by_count = sorted(counts.items(), key=lambda item: -item[1])
        return [(code, self.kind.reasons.get(code, code), n) for code, n in by_count]

    def _url(self, what: str, run: Any, *more: int) -> str:
        return reverse(f"{self.name}-{what}", args=[run.pk, *more])

    def _item(self, run: Any, one: SentBack) -> dict[str, Any]:
        return {"one": one, "url": self._url("rows", run, one.first_row), "made_url": self._made_url(one.made_id)}

    def _made_url(self, made_id: int | None) -> str:
        return reverse(self.made, args=[made_id]) if self.made and made_id else ""

    def _may(self, request: Any, run: Any) -> bool:
        may: bool = request.view.may_for(run.merchant_id, self.role)
        return may

    def _views(self, run: Any, state: str) -> list[dict[str, Any]]:
        counts = [
            ("open", _("To correct"), run.refused_count),
            ("corrected", pgettext("rows", "Corrected"), run.corrected),
            ("aside", pgettext("rows", "Set aside"), run.ignored.get("set_aside", 0)),
        ]
        page = reverse(self.name, args=[run.pk])
        return [
            {"label": label, "url": f"{page}?state={code}", "here": code == state, "count": count}
            for code, label, count in counts
            if count or code in {"open", state}
        ]

    # The doors.

    def refused(self, request: Any, run_id: int) -> HttpResponse:
        """Give the rows that came back as a file, with the reason beside each, in the reader's language."""
        run = self.run_of(request, run_id)
        return refused_file(request, self.kind, run)

    def reading(self, request: Any, run_id: int) -> HttpResponse:
        """Show how far a worker is that sends rows again; once it is done the whole page is asked for again."""
        run = self.run_of(request, run_id)
        resent = resent_of(run)
        context = {"resent": resent, "reading_url": self._url("reading", run)}
        response = render(request, "ui/parts/resent.html", context)
        if not resent:
            response.headers["HX-Refresh"] = "true"
        return response

    def settle(self, request: Any, run_id: int) -> HttpResponse:
        """Send ticked rows again as they are, or all of them; set ticked ones aside, or take them up again."""
        run = self._to_write(request, run_id)
        told: dict[str, Any] = {"merchant_id": run.merchant_id, "run_id": run.pk, "actor": request.actor}
        action, reason = request.POST.get("action", ""), request.POST.get("reason", "")
        chosen = [n for one in request.POST.getlist("row")[:MOST] if (n := _number(one))]
        back = f"{reverse(self.name, args=[run.pk])}?{request.META.get('QUERY_STRING', '')}".rstrip("?")
        try:
            if action == "all":
                reason = reason if reason in self.kind.reasons else ""
                self._say_some(request, send_rows_later(self.kind, reason=reason, **told))
            elif not chosen:
                messages.warning(request, self.said_none_ticked())
            elif action == "again":
                self._say_sent(request, list(send_rows(self.kind, chosen, **told).values()))
            else:
                taken_up = action == "back"
                if self._say_some(request, len(set_rows_aside(self.kind, chosen, back=taken_up, **told))):
                    said = _("Taken up again.") if taken_up else _("Set aside: they are not sent.")
                    messages.success(request, said)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(back)

    def _to_write(self, request: Any, run_id: int) -> Any:
        run = self.run_of(request, run_id)
        if not self._may(request, run):
            raise NotAllowed
        return run

    @staticmethod
    def _say_some(request: Any, count: int) -> int:
        if not count:
            messages.warning(request, _("None of these rows waits any more."))
        return count

    def _say_sent(self, request: Any, answers: Sequence[Sent | Refused]) -> None:
        """Say how many were taken, and how many came back again."""
        sent = [one for one in answers if isinstance(one, Sent)]
        taken = sum(one.outcome != "refused" for one in sent)
        if taken:
            messages.success(request, self.said_taken(taken))
        if again := len(sent) - taken:
            messages.warning(request, self.said_again(again))
        for said in sorted({str(one) for one in answers if isinstance(one, Refused)}):
            messages.warning(request, said)

    def open(self, request: Any, run_id: int, first_row: int) -> HttpResponse:
        """Open rows that came back: with what is wrong, to be corrected and sent again."""
        run = self.run_of(request, run_id)
        page = _number(request.POST.get("page", "") or request.GET.get("page", "")) or 1
        found = opened(self.kind, run, first_row=first_row, page=page)
        if found is None:
            raise NotThere
        if request.method == "POST":
            return self._corrected(request, self._to_write(request, run_id), found)
        return self._shown(request, run, found, opened_form(found, headers=run.columns))

    def _corrected(self, request: Any, run: Any, found: Opened) -> HttpResponse:
        form = RowsForm(request.POST, found=found, headers=run.columns)
        if not form.is_valid():
            return self._shown(request, run, found, form, status=422)
        typed = {found.first_row: Typed(form.typed(), form.left_out(), form.cleaned_data["seen"])}
        told: dict[str, Any] = {"merchant_id": run.merchant_id, "run_id": run.pk, "actor": request.actor}
        try:
            answer = send_rows(self.kind, [found.first_row], typed=typed, **told)[found.first_row]
        except Refused as refusal:
            return self._shown(request, run, found, form, refusal=str(refusal), status=refusal.status)
        if isinstance(answer, Refused):
            return self._refused(request, run, found, answer, form)
        if answer.outcome == "refused":
            return self._again(request, run, found, answer)
        self._say_one(request, found, answer)
        return redirect(self.name, run.pk)

    def _say_one(self, request: Any, found: Opened, answer: Sent) -> None:
        if answer.outcome == "left":
            why = self.kind.reasons.get(next(iter(answer.reasons.values()), ""), "")
            messages.warning(request, _("Nothing of this is to be sent. %(why)s") % {"why": why})
        else:
            messages.success(request, self.said_one(found, answer))

    def _refused(self, request: Any, run: Any, found: Opened, refusal: Refused, form: RowsForm) -> HttpResponse:
        """Say that somebody was faster; what was typed stays where rows are still to be corrected."""
        now = opened(self.kind, run, first_row=found.first_row, page=found.page) or found
        if isinstance(refusal, RowsChanged):
            data = request.POST.copy()
            data["seen"] = str(now.seen)
            form = RowsForm(data, found=now, headers=run.columns)
            form.say_now()
        return self._shown(request, run, now, form, refusal=str(refusal), status=refusal.status)

    def _again(self, request: Any, run: Any, found: Opened, answer: Sent) -> HttpResponse:
        """Show the new reasons, with what was typed."""
        begins = first_row_of(self.kind, run, number=min(answer.reasons))
        page = found.page if begins == found.first_row else 1
        now = opened(self.kind, run, first_row=begins, page=page) or found
        said = _("It came back again. What you typed is kept.")
        return self._shown(request, run, now, opened_form(now, headers=run.columns), refusal=said, status=422)

    def _title(self, found: Opened) -> str:
        name = self.called(found)
        if found.state != "open":
            return _("%(name)s: %(state)s") % {"name": name, "state": found.state_said}
        if found.count == 1:
            return _("%(name)s, to correct") % {"name": name}
        wrong = ngettext(
            "%(name)s: %(n)s of %(all)s rows to correct", "%(name)s: %(n)s of %(all)s rows to correct", found.wrong
        )
        return wrong % {"name": name, "n": found.wrong, "all": found.count}

    def _shown(
        self, request: Any, run: Any, found: Opened, form: RowsForm, *, refusal: str = "", status: int = 200
    ) -> HttpResponse:
        context = {
            **self.context,
            "run": run,
            "found": found,
            "title": self._title(found),
            "form": form,
            "refusal": refusal,
            "here": self._url("rows", run, found.first_row),
            "file_url": reverse(self.name, args=[run.pk]),
            "settle_url": self._url("settle", run),
            "made_url": self._made_url(found.made_id),
            "made_verb": self.made_verb,
            "may": self._may(request, run),
            "next": found.page + 1 if found.page < found.pages else None,
            "previous": found.page - 1 if found.page > 1 else None,
        }
        return render(request, "ui/rows.html", context, status=status)


def _actions(state: str) -> list[dict[str, str]]:
    if state == "open":
        return [
            {"name": "again", "label": _("Send again unchanged"), "icon": "sync"},
            {"name": "aside", "label": _("Put aside"), "icon": "check"},
        ]
    return [{"name": "back", "label": _("Take up again"), "icon": "undo"}] if state == "aside" else []
