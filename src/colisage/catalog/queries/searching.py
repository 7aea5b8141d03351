"""SKUs by what a person typed: the beginning of a code, beginnings of words of the name, or a barcode."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet

from colisage.catalog.models import Barcode, Sku, SkuWord
from colisage.kit.narrowing import MANY, OneByOne, key
from colisage.kit.statements import statement


@dataclass(frozen=True, slots=True)
class Sought:
    """SKUs whose code begins with `text`, those of `ids`, and those whose names have all `words`, where there are any.

    A list asks for them in two parts and puts their pages together: each part has an index of its own, both at once
    would read every SKU.
    """

    text: str
    ids: tuple[int, ...]
    words: tuple[str, ...]

    @property
    def parts(self) -> tuple[Q, Q]:
        """Give both parts as conditions on SKUs."""
        named = Q(pk__in=self.ids)
        if self.words:
            having = (OneByOne(SkuWord.objects.filter(sku=OuterRef("pk"), word__begins=word)) for word in self.words)
            named |= reduce(and_, map(Q, having))
        return Q(code_key__begins=key(self.text)), named

    @property
    def conditions(self) -> tuple[str, str]:
        """Give both parts as SQL that narrows the SKUs `s`."""
        named = statement("catalog", "sought_many") if self.words else statement("catalog", "sought_few")
        return statement("catalog", "sought_code"), named

    @property
    def parameters(self) -> dict[str, Any]:
        """Give what the conditions name."""
        return {"sought_text": self.text, "sought_ids": list(self.ids), "sought_words": list(self.words)}


def skus_coded(merchant_ids: Collection[int], *, code: str) -> QuerySet[Sku, Any]:
    """Give the ids of the SKUs of a code, in any case, to ask with."""
    return Sku.objects.filter(merchant_id__in=merchant_ids, code_key=code.upper()).values("pk")


def page_of(rows: QuerySet[Sku], *, sought: Sought | None, most: int) -> QuerySet[Sku]:
    """Give the first SKUs by code, those sought where something is."""
    if sought is None:
        return rows.order_by("code_key", "pk")[:most]
    coded, named = (rows.filter(part).order_by("code_key", "pk")[:most] for part in sought.parts)
    return coded.union(named).order_by("code_key", "id")[:most]


def in_parts(page: str, *, sought: Sought | None, conditions: Sequence[str] = ()) -> str:
    """Write a page of the SKUs `s` by code as SQL: conditions go where it says so, those sought are read in parts."""
    if sought is None:
        return page.replace("/* conditions */", "\n".join(conditions))
    parts = (page.replace("/* conditions */", "\n".join([*conditions, part])) for part in sought.conditions)
    return f"({') UNION ('.join(parts)}) ORDER BY code_key, id LIMIT %(size)s"


def sought(merchant_ids: Collection[int], *, text: str) -> Sought:
    """Read a text; two statements."""
    with connection.cursor() as db:
        db.execute("SELECT colisage_words(%s)", [text])
        words: list[str] = db.fetchone()[0]
    found = Barcode.objects.filter(merchant_id__in=merchant_ids, code=text).values_list("sku_id")
    if words:
        named = SkuWord.objects.filter(merchant_id__in=merchant_ids, word__begins=words[0])
        for word in words[1:]:
            others = SkuWord.objects.filter(merchant_id__in=merchant_ids, word__begins=word)
            named = named.filter(sku__in=others.values("sku_id"))
        found = found.union(named.values_list("sku_id"), all=True)
    ids = [pk for (pk,) in found[: MANY + 1]]
    return Sought(text, tuple(dict.fromkeys(ids)), tuple(words) if len(ids) > MANY else ())
