"""What came of refused documents is kept for a quarter; what brought an event, as long as the event."""

from datetime import timedelta

from django.utils import timezone
from tests.cast import World
from tests.connectors.epcis.conftest import Program
from tests.connectors.epcis.test_epcis_capture import NAMED, document

from colisage.connectors.epcis.keeping import KEPT, drop_empty_jobs
from colisage.connectors.models import CapturedEvent, CaptureJob
from colisage.connectors.tasks import capture_jobs


def test_refusals_go_after_a_quarter_and_events_stay(world: World, program: Program) -> None:
    assert program.capture(document(NAMED)).status_code == 202
    assert program.capture("{nonsense").status_code == 400
    old = list(CaptureJob.objects.order_by("pk"))
    assert [job.captured for job in old] == [1, 0]
    CaptureJob.objects.update(at=timezone.now() - KEPT - timedelta(minutes=1))
    assert program.capture("{nonsense again").status_code == 400
    capture_jobs(0)
    assert [job.captured for job in CaptureJob.objects.order_by("pk")] == [1, 0]
    assert not CaptureJob.objects.filter(pk=old[1].pk).exists()
    assert CapturedEvent.objects.count() == 1
    assert program.client.get(f"/api/v1/epcis/capture/{old[1].pk}").status_code == 404


def test_the_oldest_go_first_and_not_too_many_at_once(world: World, program: Program) -> None:
    for _turn in range(3):
        program.capture("{nonsense")
    first, *others = CaptureJob.objects.order_by("pk").values_list("pk", flat=True)
    assert drop_empty_jobs(before=timezone.now() + timedelta(minutes=1), most=1) == 1
    assert list(CaptureJob.objects.order_by("pk").values_list("pk", flat=True)) == others
    assert first not in others
