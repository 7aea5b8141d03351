"""What a module's tests find made already is as it was made for each of them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from colisage.people.models import Merchant
from tests.kept import kept


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Merchant]]:
    def make() -> Merchant:
        return Merchant.objects.create(name="Maison Tilleul", slug="tilleul")

    with kept(make, blocker=django_db_blocker, folder=tmp_path_factory.mktemp("made")) as copy:
        yield copy


@pytest.mark.parametrize("name", ["Maison Noyer", "Maison Orme"])
def test_each_test_undoes_what_it_did_to_it(made: Callable[[], Merchant], db: None, name: str) -> None:
    merchant = made()
    assert merchant.name == Merchant.objects.get().name == "Maison Tilleul"
    merchant.name = name
    merchant.save()
    Merchant.objects.create(name=name, slug="another")
    assert made().name == "Maison Tilleul"
