"""Pure facts about roles."""

from typing import Final

FLOOR: Final = frozenset({"manager", "receiver", "picker", "packer"})  # held at an operator: work is done in its nodes
