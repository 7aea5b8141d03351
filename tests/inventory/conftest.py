import pytest

from colisage.people.models import Membership, User
from tests.books import balanced
from tests.cast import PASSWORD, World

__all__ = ["balanced"]


@pytest.fixture
def rene(world: World) -> User:
    """Give a receiver who reads French."""
    person = User.objects.create_user("rene@nord.example", PASSWORD, name="René", language="fr")
    Membership.objects.create(user=person, operator=world.nord, roles=["receiver"])
    return person
