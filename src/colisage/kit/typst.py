"""Documents in PDF, set by Typst from a template of an app and plain values.

Only the fonts inside the wheel are used (Libertinus Serif, DejaVu Sans Mono, New Computer Modern), never
those of the machine: a document is the same everywhere, to the byte when it is dated.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps


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
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=str)},
        timestamp=int(dated.timestamp()) if dated else None,
    )
    return made


@cache
def _fonts() -> Any:
    import typst  # noqa: PLC0415

    return typst.Fonts(include_system_fonts=False)
