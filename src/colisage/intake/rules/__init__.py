"""Pure decisions at the door."""

from colisage.intake.rules.drafts import address_faults, difference, holds_of, refusal

__all__ = ["address_faults", "difference", "holds_of", "refusal"]
