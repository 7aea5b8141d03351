from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.test import override_settings
from django.utils.translation import trans_real

from colisage import ui

HOME = Path(ui.__file__).parent


@pytest.fixture(scope="package", autouse=True)
def french(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Read French from the source, so that a test never sees a stale compiled catalogue."""
    home = tmp_path_factory.mktemp("locale")
    (home / "fr/LC_MESSAGES").mkdir(parents=True)
    catalogue = polib.pofile(str(HOME / "locale/fr/LC_MESSAGES/django.po"))
    catalogue.save_as_mofile(str(home / "fr/LC_MESSAGES/django.mo"))
    vars(trans_real)["_translations"].clear()
    with override_settings(LOCALE_PATHS=[str(home)]):
        yield
    vars(trans_real)["_translations"].clear()
