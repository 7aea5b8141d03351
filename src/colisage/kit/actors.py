"""Who does something: a person, a key, a connector or the system itself."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts, as plain values for the audit and the ledger."""

    kind: str  # person | key | connector | customer | rule | system
    id: int | None = None
    name: str = ""
    address: str | None = None  # IP, when the act came over the network

    def __str__(self) -> str:
        return self.name or self.kind


SYSTEM: Final = Actor(kind="system", name="Colisage")
