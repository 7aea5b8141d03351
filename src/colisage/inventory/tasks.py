"""Work of the workers: what the calendar does to stock, and the bins to count today."""

from django.utils import timezone
from procrastinate.contrib.django import app

from colisage.inventory.actions.expire_lots import expire_lots
from colisage.inventory.actions.expire_promises import expire_promises
from colisage.inventory.actions.free_idle_counts import free_idle_counts
from colisage.inventory.actions.give_up_reads import give_up_reads
from colisage.inventory.actions.hear_reader import hear_reader, hear_tags
from colisage.inventory.actions.note_rooms import note_rooms
from colisage.inventory.actions.plan_counts import plan_counts
from colisage.inventory.actions.release_preorders import release_preorders
from colisage.inventory.actions.sort_skus import sort_skus
from colisage.inventory.actions.tidy_lacking import tidy_lacking
from colisage.inventory.actions.value_stock import value_stock
from colisage.inventory.queries.count_plans import active_plans
from colisage.kit.actors import SYSTEM


@app.periodic(cron="7 * * * *")  # each hour is midnight somewhere
@app.task(name="inventory.expire", queue="inventory", queueing_lock="inventory.expire")
def expire(timestamp: int) -> None:
    """Expire what is past its date where a day has just begun."""
    expire_lots()


@app.periodic(cron="1 * * * *")  # each hour is midnight somewhere
@app.task(name="inventory.release", queue="inventory", queueing_lock="inventory.release")
def release(timestamp: int) -> None:
    """Let go of what leaves from today on."""
    release_preorders(now=timezone.now())


@app.periodic(cron="11 * * * *")
@app.task(name="inventory.counts", queue="inventory", queueing_lock="inventory.counts")
def counts(timestamp: int) -> None:
    """Choose the bins of the day at each node where a new day began."""
    plan_counts(active_plans(), actor=SYSTEM)


@app.periodic(cron="17 * * * *")
@app.task(name="inventory.value", queue="inventory", queueing_lock="inventory.value")
def value(timestamp: int) -> None:
    """Value what lies at each node."""
    value_stock()


@app.periodic(cron="23 * * * *")
@app.task(name="inventory.speeds", queue="inventory", queueing_lock="inventory.speeds")
def speeds(timestamp: int) -> None:
    """Sort SKUs by how often they are picked."""
    sort_skus(now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="inventory.tidy_lacking", queue="inventory", queueing_lock="inventory.tidy_lacking")
def tidy(timestamp: int) -> None:
    """Forget of the SKUs that lacked something those that came in again."""
    tidy_lacking()


@app.periodic(cron="29 * * * *")
@app.task(name="inventory.rooms", queue="inventory", queueing_lock="inventory.rooms")
def rooms(timestamp: int) -> None:
    """Note the rooms of all bins anew."""
    note_rooms(whole=True)


@app.periodic(cron="*/10 * * * *")
@app.task(name="inventory.idle_counts", queue="inventory", queueing_lock="inventory.idle_counts")
def idle_counts(timestamp: int) -> None:
    """Free the bins whose counters did not come back."""
    free_idle_counts(now=timezone.now(), actor=SYSTEM)


@app.periodic(cron="*/5 * * * *")
@app.task(name="inventory.give_up_reads", queue="inventory", queueing_lock="inventory.give_up_reads")
def reads_cut_off(timestamp: int) -> None:
    """End the reads of tags whose worker is gone."""
    give_up_reads(now=timezone.now())


@app.task(name="inventory.ask_reader", queue="readers")
def ask_tag_reader(reader_id: int) -> None:
    """Ask a reader of tags how it is."""
    hear_reader(reader_id)


@app.task(name="inventory.read_tags", queue="readers")
def read_tags(read_id: int) -> None:
    """Read the tags of a place."""
    hear_tags(read_id)


@app.periodic(cron="* * * * *")
@app.task(name="inventory.expire_promises", queue="inventory", queueing_lock="inventory.expire_promises")
def end_promises(timestamp: int) -> None:
    """Give back what was held until now."""
    expire_promises(now=timezone.now())
