"""Every door of the API against its document, by Schemathesis: what its schema allows, and what it forbids, is answered
without a 5xx, with a status, a type and a body that the document names.

`test_api_whole` walks the same document with what is there (ids, codes), so that it comes further in; this one judges
by the schemas alone, and knows nothing of us. The examples are the same at every run.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from colisage.config.api import api
from colisage.people.rules import SCOPES
from tests.books import balanced
from tests.config.test_api_whole import filled, full, world
from tests.program import Program

__all__ = ["balanced", "filled", "full", "world"]
EXAMPLES = 8  # of each door and kind; all doors together take a minute on one core
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
WITHOUT = {"send_interchanges"}  # a body that Schemathesis cannot write: the walk sends it
schema = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
schema.app = get_wsgi_application()
OPERATIONS = [
    pytest.param(one, id=one.definition.raw["operationId"])
    for one in (found.ok() for found in schema.get_all_operations())
    if one.definition.raw["operationId"] not in WITHOUT
]


@pytest.fixture
def program(full: Any) -> Iterator[Program]:
    """Give a program with every scope, whose requests stay within the transaction of the test."""
    world, _ids = full
    signals = (request_started, request_finished)
    gone = [signal for signal in signals if signal.disconnect(close_old_connections)]
    yield Program(world.tilleul, *SCOPES)
    for signal in gone:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("balanced")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_door_answers_as_its_document_says(program: Program, operation: Any) -> None:
    key = {"Authorization": f"Bearer {program.token}", "Accept-Language": "en"}
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case: Any) -> None:
            case.validate_response(case.call(headers=key), checks=CHECKS)

        send()
