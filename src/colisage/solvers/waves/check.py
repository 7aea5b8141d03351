"""Witness of pick batches: each order once, carts within their limits, groups apart, urgent ones first."""

from collections import Counter
from collections.abc import Iterator, Mapping

from colisage.solvers.waves.problem import Batch, Order, Plan, Problem


def faults(problem: Problem, plan: Plan) -> Iterator[str]:
    """Say everything that is wrong with the batches, sharing no code with the solver."""
    orders = {order.id: order for order in problem.orders}
    told = Counter(order_id for batch in plan.batches for order_id in batch.order_ids)
    told.update(each.order_id for each in plan.unbatched)
    for order_id in sorted(orders.keys() | told.keys()):
        if order_id not in orders:
            yield f"order {order_id}: not asked"
        elif told[order_id] != 1:
            yield f"order {order_id}: {told[order_id]} times"
    for number, batch in enumerate(plan.batches):
        if all(order_id in orders for order_id in batch.order_ids):
            for fault in _faults_of_batch(problem, orders, batch):
                yield f"batch {number}: {fault}"
    for each in plan.unbatched:
        order = orders.get(each.order_id)
        if order is not None and _fits_alone(problem, order):
            yield f"order {order.id}: left out, though a cart takes it"
    yield from _out_of_turn(orders, plan)


def _faults_of_batch(problem: Problem, orders: Mapping[str, Order], batch: Batch) -> Iterator[str]:
    cart = problem.cart
    contents = [orders[order_id] for order_id in batch.order_ids]
    if not contents:
        yield "nothing to pick"
    if len({order.group for order in contents}) > 1:
        yield "groups mixed"
    if sum(order.grams for order in contents) > cart.max_grams:
        yield "too heavy"
    totes = Counter(tote for load in batch.loads for tote in load.totes)
    if any(times > 1 for times in totes.values()):
        yield "a tote holds two orders"
    if any(not 0 <= tote < cart.totes for tote in totes):
        yield "a tote that the cart has not"
    for load in batch.loads:
        if not load.totes or len(load.totes) * cart.tote_mm3 < orders[load.order_id].mm3:
            yield f"order {load.order_id} does not fit its totes"


def _fits_alone(problem: Problem, order: Order) -> bool:
    cart = problem.cart
    return order.mm3 <= cart.totes * cart.tote_mm3 and order.grams <= cart.max_grams


def _out_of_turn(orders: Mapping[str, Order], plan: Plan) -> Iterator[str]:
    """The most urgent order of a batch is never less urgent than that of a later batch."""
    urgencies = [
        min((-orders[i].priority, orders[i].due_minute) for i in batch.order_ids if i in orders)
        for batch in plan.batches
        if any(i in orders for i in batch.order_ids)
    ]
    if urgencies != sorted(urgencies):
        yield "a less urgent batch goes first"
