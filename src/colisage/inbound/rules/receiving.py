"""Pure decisions at the dock: what is too many, what is missing."""


def over_units(ordered: int, *, received: int, units: int) -> int:
    """Say how many of the units just taken in, of those `received` by now, exceed what was expected."""
    return min(units, max(0, received - ordered))


def wants_confirmation(ordered: int, *, received: int, percent: int) -> bool:
    """Say whether so many more than expected came that somebody has to confirm the count."""
    return (received - ordered) * 100 > ordered * percent


def missing(ordered: int, *, received: int) -> int:
    """Say how many are still to come."""
    return max(0, ordered - received)
