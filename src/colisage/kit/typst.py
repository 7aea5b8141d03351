"""Documents in PDF, set by Typst from a template of an app and plain values.

Only fonts inside wheels are used, never those of the machine: a document is the same everywhere, to the byte when it is
dated. Those of Typst (Libertinus Serif, DejaVu Sans Mono, New Computer Modern) set what is written in Latin, Greek and
Cyrillic letters, Noto what they lack (decision 0045). Chinese, Japanese and Korean need the extra `cjk`: without it
what is written so is replaced by `INSTEAD`, since boxes say nothing.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

from django.apps import apps

INSTEAD: Final = "[…]"
_CJK: Final = re.compile(
    "[\u1100-\u11ff\u2e80-\u31ff\u3200-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f"
    "\uff00-\uffef\U00016fe0-\U00018d8f\U0001aff0-\U0001b2ff\U00020000-\U0003ffff]+"
)
_FONTS, _CJK_FONTS = "manimgx_fonts", "manimgx_fonts_cjk"


def pdf(template: str, data: Mapping[str, Any], *, dated: datetime | None = None) -> bytes:
    """Set `<app>/typst/<name>.typ`, named `app/name`, with `data`.

    The template reads its data as `json(bytes(sys.inputs.data))`. One call may set many documents: a template that
    walks through a list starts each on a page of its own. `dated` is written into the file instead of the present
    moment.
    """
    import typst  # noqa: PLC0415 -- 20 MB, and only documents need it

    app, _, name = template.partition("/")
    folder = Path(apps.get_app_config(app).path) / "typst"
    made: bytes = typst.compile(
        folder / f"{name}.typ",
        root=folder,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(printable(data), ensure_ascii=False, default=str)},
        timestamp=int(dated.timestamp()) if dated else None,
    )
    return made


def printable(data: Any) -> Any:
    """Give data with `INSTEAD` in place of what no font here can print; the very same data where there is none."""
    if _folder_of(_CJK_FONTS):
        return data
    if isinstance(data, str):
        return _CJK.sub(_instead, data)
    if isinstance(data, Mapping):
        return {name: printable(value) for name, value in data.items()}
    return [printable(value) for value in data] if isinstance(data, Sequence) else data


def unprintable(data: Any) -> bool:
    """Say whether something in data will be replaced by `INSTEAD`."""
    return str(printable(data)).count(INSTEAD) > str(data).count(INSTEAD)


def _instead(found: re.Match[str]) -> str:
    """Give what is read for letters that cannot be printed; letters of double width are plain ones."""
    plain = normalize("NFKC", found[0])
    return INSTEAD if _CJK.search(plain) else plain


@cache
def _fonts() -> Any:
    import typst  # noqa: PLC0415

    folders = [folder for name in (_FONTS, _CJK_FONTS) if (folder := _folder_of(name))]
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


@cache
def _folder_of(package: str) -> str:
    """Give the folder of a package of fonts; empty when it is not installed."""
    spec = find_spec(package)
    return str(Path(spec.origin).parent) if spec and spec.origin else ""
