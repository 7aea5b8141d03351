"""Rows that came back, as a person corrects them: a field for each cell, under the file's own names of columns."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from colisage.kit.sent_files import Opened, OpenedRow
from colisage.ui import words

LONG: Final = 10_000  # characters of a cell that is not shown whole: nothing that is read from a file can hold it
_LINE: Final = 60


def field_of(number: int, place: int) -> str:
    """Name the field of a cell."""
    return f"c{number}_{place}"


class RowsForm(forms.Form):
    """Rows of one page that belong together. `seen` is how often they had been sent again when the page was made."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    page = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any, *, found: Opened, headers: Sequence[str]) -> None:
        super().__init__(data)
        self.found, self.headers = found, headers
        for row in found.rows:
            for place, cell in enumerate(_padded(row.cells, headers)):
                name = field_of(row.number, place)
                came = row.came[place] if place < len(row.came) else ""
                self.fields[name] = _field(headers[place] if place < len(headers) else "", place, cell, came=came)
                if len(cell) > LONG:
                    self.fields[f"{name}_empty"] = forms.BooleanField(label=_("Empty this cell"), required=False)
            if found.count > 1:
                self.fields[f"out{row.number}"] = forms.BooleanField(
                    label=_("Leave this row out and send the others"), required=False
                )

    def rows(self) -> Iterator[Mapping[str, Any]]:
        """Give the rows as the page draws them: the cells that matter, and those that are empty."""
        for row in self.found.rows:
            cells = _padded(row.cells, self.headers)
            filled: list[forms.BoundField] = []
            empty: list[forms.BoundField] = []
            for place, cell in enumerate(cells):
                name = field_of(row.number, place)
                told = [self[name], *([self[f"{name}_empty"]] if f"{name}_empty" in self.fields else [])]
                (filled if cell.strip() or place in row.faults or self[name].errors else empty).extend(told)
            placed = any(place in row.faults for place in range(len(cells)))
            out = self[f"out{row.number}"] if f"out{row.number}" in self.fields else None
            yield {"row": row, "filled": filled, "empty": empty, "out": out, "placed": placed}

    def typed(self) -> dict[int, list[str]]:
        """Give the cells of each row as they were typed, those too long to be shown as they are."""
        return {row.number: self._cells(row) for row in self.found.rows}

    def _cells(self, row: OpenedRow) -> list[str]:
        told = self.cleaned_data
        cells = []
        for place, cell in enumerate(_padded(row.cells, self.headers)):
            name = field_of(row.number, place)
            written = told[name].replace("\r\n", "\n")
            if len(cell) > LONG and not written:
                cells.append("" if told[f"{name}_empty"] else cell)
            else:
                cells.append(cell if written == cell.replace("\r\n", "\n").replace("\r", "\n") else written)
        return cells

    def left_out(self) -> set[int]:
        """Give the rows that are not to be sent."""
        return {row.number for row in self.found.rows if self.cleaned_data.get(f"out{row.number}")}

    def say_reasons(self) -> None:
        """Say what is wrong beside the fields it is about."""
        for row in self.found.rows:
            for place in row.faults:
                self.add_error(field_of(row.number, place), str(row.reason))

    def say_now(self) -> None:
        """Say beside what was typed what another person has typed meanwhile."""
        for row in self.found.rows:
            for place, cell in enumerate(_padded(row.cells, self.headers)):
                name = field_of(row.number, place)
                if self.data.get(name, "").replace("\r\n", "\n") != cell and len(cell) <= LONG:
                    self.fields[name].help_text = _("Now it says: %(cell)s") % {"cell": _said(cell)}


def opened_form(found: Opened, *, headers: Sequence[str]) -> RowsForm:
    """Give the form of rows as they are, with what is wrong beside the fields."""
    data = {"seen": str(found.seen), "page": str(found.page)}
    for row in found.rows:
        for place, cell in enumerate(_padded(row.cells, headers)):
            data[field_of(row.number, place)] = "" if len(cell) > LONG else cell
    form = RowsForm(data, found=found, headers=headers)
    form.full_clean()
    form.errors.clear()
    form.say_reasons()
    return form


def _padded(cells: Sequence[str], headers: Sequence[str]) -> list[str]:
    return [*cells, *[""] * (len(headers) - len(cells))]


def _field(header: str, place: int, cell: str, *, came: str) -> forms.CharField:
    label = header or _("Column %(n)s, without a name") % {"n": place + 1}
    said = ""
    if len(cell) > LONG:
        said = _("%(n)s characters, too many to be shown: %(cell)s Leave the field empty to keep them.") % {
            "n": words.count(len(cell)), "cell": _said(cell),
        }  # fmt: skip
    elif came != cell:
        said = _("As it came: %(cell)s") % {"cell": _said(came)}
    lines = 1 if len(cell) > LONG else cell.count("\n") + len(cell) // _LINE + 1
    area = lines > 1 or "\r" in cell
    widget = forms.Textarea(attrs={"rows": min(lines, 8)}) if area else forms.TextInput()
    widget.attrs |= {"dir": "auto", "autocomplete": "off", "spellcheck": "false"}
    return forms.CharField(label=label, required=False, strip=False, help_text=said, widget=widget)


def _said(cell: str) -> str:
    return Truncator(cell).chars(80) if cell.strip() else _("nothing")
