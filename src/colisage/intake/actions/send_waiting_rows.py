"""Rows that wait to be read again, in pieces of a thousand orders, each one transaction."""

import json
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from django.db import transaction

from colisage.intake.actions.run_import import PIECE, PIECE_CHARACTERS
from colisage.intake.actions.send_rows import send_rows
from colisage.intake.models import ImportRun, RefusedRow
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused
from colisage.kit.statements import ask

PIECE_ROWS = 2 * PIECE


def send_waiting_rows(run_id: int) -> int:
    """Send the rows of a file that wait for it; give the number of orders. Cut off, it goes on where it was.

    Where they cannot be sent at all (the channel is switched off) they are to be corrected as before.
    """
    merchant_id = ImportRun.objects.values_list("merchant_id", flat=True).get(pk=run_id)
    count = 0
    while (piece := _piece(run_id)) and (order_rows := list(piece)):
        try:
            answers = send_rows(
                merchant_id, order_rows, run_id=run_id, actor=Actor(**piece[order_rows[0]]), state="waiting"
            )
        except Refused:
            _give_up(run_id)
            break
        count += len(answers)
    return count


def _piece(run_id: int) -> Mapping[int, Mapping[str, Any]]:
    """Give the next orders with who asked for them: of one person, and no more than is held at once."""
    found = ask("intake", "orders_waiting", {"run": run_id, "most": PIECE})
    held_rows = held = 0
    piece: dict[int, Mapping[str, Any]] = {}
    for order_row, rows, characters, by in takewhile(lambda one: one[3] == found[0][3], found):
        if piece and (held_rows + rows > PIECE_ROWS or held + characters > PIECE_CHARACTERS):
            break
        piece[order_row] = json.loads(by)
        held_rows, held = held_rows + rows, held + characters
    return piece


@transaction.atomic
def _give_up(run_id: int) -> None:
    RefusedRow.objects.filter(run_id=run_id, state="waiting").update(state="open")
