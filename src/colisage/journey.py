"""The system on one screen: what happens, and who hears of it, in the order of an order's life."""

from colisage.kit.outbox import Journey

JOURNEY: Journey = {}
