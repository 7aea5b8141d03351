"""What the numbers of a workbook mean by the way they are shown: dates, times, and codes with zeros in front."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})  # Excel's own formats
_SILENT: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_SECONDS: Final = 86_400
_MOST_DAYS: Final = 80_000


@dataclass(frozen=True, slots=True)
class Styles:
    """How many digits, or whether a date, by the number of a style."""

    dates: frozenset[str]
    digits: Mapping[str, int]
    since: datetime

    def told(self, said: str, *, style: str) -> str:
        """Write a number as what it stands for; nothing when it is a number."""
        if style in self.dates:
            return self._moment(said)
        width = self.digits.get(style)
        return said.zfill(width) if width and said.isascii() and said.isdecimal() else ""

    def _moment(self, said: str) -> str:
        try:
            days = float(said)
        except ValueError:
            return ""
        if not 0 <= days < _MOST_DAYS:
            return ""
        moment = self.since + timedelta(seconds=round(days * _SECONDS))
        if days < 1:
            return f"{moment:%H:%M:%S}"
        midnight = moment.replace(hour=0, minute=0, second=0)
        return f"{moment:%Y-%m-%d}" if moment == midnight else f"{moment:%Y-%m-%d %H:%M:%S}"


def styles_of(elements: Iterable[tuple[str, Mapping[str, str]]], *, since_1904: bool) -> Styles:
    """Read the styles of a workbook from the elements of its part."""
    codes: dict[str, str] = {}
    formats: list[str] = []
    inside = False
    for name, attributes in elements:
        if name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name in {"cellXfs", "cellStyles", "dxfs"}:
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            formats.append(attributes.get("numFmtId", ""))
    dates, digits = set(), {}
    for place, number in enumerate(formats):
        code = codes.get(number, "")
        if _is_date(code) if code else number.isdecimal() and int(number) in _DATES:
            dates.add(str(place))
        elif re.fullmatch(r"0{2,20}", code):
            digits[str(place)] = len(code)
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 -- a calendar, no place
    return Styles(frozenset(dates), digits, start)


def _is_date(code: str) -> bool:
    shown = _SILENT.sub("", code.split(";", 1)[0]).casefold().replace("general", "")
    return any(letter in shown for letter in "dmyhsj") and not any(mark in shown for mark in "#?")
