"""How the simulated Shopify answers a document: exactly the fields that are asked for, connections page by page."""

from collections.abc import Mapping, Sequence
from typing import Any

from colisage.connectors.shopify.graphql import Enum, Field, Variable


class Connection(list[Any]):
    """Objects that are given page by page."""


def answered(node: Mapping[str, Any], fields: Sequence[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is asked of an object; raises `LookupError` for a field the simulator does not have."""
    found: dict[str, Any] = {}
    for one in fields:
        if one.name == "...":
            found |= answered(node, one.fields, given)
        else:
            found[one.name] = _value(node[one.name], one, given)
    return found


def values(arguments: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Put in what was given for the variables."""
    return {name: _given(value, given) for name, value in arguments.items()}


def _given(value: Any, given: Mapping[str, Any]) -> Any:
    if isinstance(value, Variable):
        return given.get(value.name)
    return value.name if isinstance(value, Enum) else value


def _value(value: Any, asked: Field, given: Mapping[str, Any]) -> Any:
    arguments = values(asked.arguments, given)
    if callable(value):
        if asked.directives:
            arguments["directives"] = {name: values(said, given) for name, said in asked.directives.items()}
        value = value(**arguments)
    if isinstance(value, Connection):
        value = _page(value, first=int(arguments["first"]), after=int(arguments.get("after") or 0))
    if isinstance(value, Mapping):
        return answered(value, asked.fields, given)
    if isinstance(value, list) and asked.fields:
        return [answered(one, asked.fields, given) for one in value]
    return value


def _page(found: Connection, *, first: int, after: int) -> dict[str, Any]:
    until = after + first
    return {
        "nodes": list(found[after:until]),
        "pageInfo": {"hasNextPage": until < len(found), "endCursor": str(min(until, len(found)))},
    }
