"""What outside systems are to us: what partners told, and the shops we are connected with."""

from colisage.connectors.models.captured import CapturedEvent, CapturedName, CaptureJob
from colisage.connectors.models.connections import Connection, Errand, ErrandState
from colisage.connectors.models.interchanges import Interchange

__all__ = ["CaptureJob", "CapturedEvent", "CapturedName", "Connection", "Errand", "ErrandState", "Interchange"]
