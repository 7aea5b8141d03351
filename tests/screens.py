"""What tests read from pages."""

import re
from typing import Any


def seen_of(page: Any) -> str:
    """Give the mark, of what stood when it was made, that a form carries."""
    found = re.search(r'name="seen" value="(\w+)"', page.content.decode())
    assert found
    return found[1]
