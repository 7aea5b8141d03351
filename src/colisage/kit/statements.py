"""Named SQL kept in files: a statement has a comment that explains it and a place where it is found."""

from functools import cache
from pathlib import Path

from django.apps import apps


@cache
def statement(app: str, name: str) -> str:
    """Give the text of `<app>/sql/<name>.sql`."""
    return (Path(apps.get_app_config(app).path) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
