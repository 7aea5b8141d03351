"""Work of the workers: buying, voiding and announcing, each outside any transaction."""

from procrastinate.contrib.django import app

from colisage.shipping.actions.announce_manifest import announce_manifest
from colisage.shipping.actions.buy_labels import buy_labels
from colisage.shipping.actions.give_back_labels import give_back_labels
from colisage.shipping.queries import to_announce, to_give_back, without_answer


@app.task(name="shipping.buy", queue="carriers")
def buy(shipment_ids: list[int]) -> None:
    """Buy labels that are wanted."""
    buy_labels(shipment_ids)


@app.task(name="shipping.give_back", queue="carriers")
def give_back(shipment_ids: list[int]) -> None:
    """Give labels back to their carriers."""
    give_back_labels(shipment_ids)


@app.task(name="shipping.announce", queue="carriers")
def announce(manifest_ids: list[int]) -> None:
    """Tell carriers what their drivers took."""
    announce_manifest(manifest_ids)


@app.periodic(cron="* * * * *")
@app.task(name="shipping.reconcile", queue="carriers", queueing_lock="shipping.reconcile")
def reconcile(timestamp: int) -> None:
    """Ask carriers for the answers that did not come, and repeat what did not arrive."""
    buy_labels(without_answer())
    give_back_labels(to_give_back())
    announce_manifest(to_announce())
