"""Import contracts of our own, for what import-linter's cannot say; they are set in `pyproject.toml`.

The ladder, cycles and forbidden packages are import-linter's own contracts. These two are about *which part*
of another package is imported, and about modules that may import next to nothing.
"""

import sys
from collections.abc import Iterator
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.application import contract_utils
from importlinter.application.contract_utils import AlertLevel
from importlinter.domain.helpers import module_expressions_to_modules

Link = tuple[str, str, int]  # importer, imported, line


class _Quiet(Contract):
    """What both contracts have in common: exceptions by import expression, and how a broken one is shown."""

    ignore_imports: Any = fields.SetField(subfield=fields.ImportExpressionField(), required=False)
    unmatched_ignore_imports_alerting: Any = fields.EnumField(AlertLevel, default=AlertLevel.ERROR)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 -- import-linter's signature
        """Say which imports break the contract."""
        removed = contract_utils.remove_ignored_imports_and_report(
            graph=graph,
            ignore_imports=self.ignore_imports,
            unmatched_alerting=self.unmatched_ignore_imports_alerting,
        )
        links = sorted(self.broken(graph))
        return ContractCheck(
            kept=not links,
            warnings=list(removed.warnings),
            ignored_import_count=removed.ignored_import_count,
            metadata={"links": links},
        )

    def broken(self, graph: ImportGraph) -> Iterator[Link]:
        """Give the imports that break the contract."""
        raise NotImplementedError

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import that breaks the contract."""
        for importer, imported, line in check.metadata["links"]:
            output.print_error(f"{importer}:{line} imports {imported}", bold=False)


class FrontDoors(_Quiet):
    """Across the packages below `package`, only the modules named `doors` may be imported.

    Packages named `libraries` are open. A pair such as `models -> models` opens one more door to one sort of
    importer.
    """

    package: Any = fields.StringField()
    doors: Any = fields.ListField(subfield=fields.StringField())
    libraries: Any = fields.ListField(subfield=fields.StringField())
    pairs: Any = fields.ListField(subfield=fields.StringField(), required=False)

    def broken(self, graph: ImportGraph) -> Iterator[Link]:
        """Give the imports that go through a wall instead of a door."""
        pairs = {tuple(part.strip() for part in pair.split("->")) for pair in self.pairs or ()}
        inside = sorted(m for m in graph.modules if m.startswith(f"{self.package}."))
        for importer in inside:
            home, door_in = _parts(importer, package=self.package)
            for imported in graph.find_modules_directly_imported_by(importer):
                if not imported.startswith(f"{self.package}."):
                    continue
                abroad, door = _parts(imported, package=self.package)
                if abroad == home or abroad in self.libraries or door in self.doors or (door_in, door) in pairs:
                    continue
                yield importer, imported, _line(graph, importer, imported)


class Pure(_Quiet):
    """The `modules` import nothing but each other, the standard library, and what `may_import` names.

    What is named is meant with all below it; of another distribution a part can be named, such as
    `django.utils.translation`.
    """

    modules: Any = fields.ListField(subfield=fields.ModuleExpressionField())
    may_import: Any = fields.ListField(subfield=fields.StringField())

    def broken(self, graph: ImportGraph) -> Iterator[Link]:
        """Give the imports of what is not pure."""
        tops = {m.name for m in module_expressions_to_modules(graph, self.modules, raise_if_unmatched=False)}
        pure = tops.union(*(graph.find_descendants(m) for m in tops if not graph.is_module_squashed(m)))
        for importer in sorted(pure):
            for imported in graph.find_modules_directly_imported_by(importer) - pure:
                for detail in graph.get_import_details(importer=importer, imported=imported):
                    told = imported
                    if graph.is_module_squashed(imported):  # of other distributions the graph knows the first name only
                        told = detail["line_contents"].split()[1]
                    free = any(told == name or told.startswith(f"{name}.") for name in self.may_import)
                    if not free and told.partition(".")[0] not in sys.stdlib_module_names:
                        yield importer, told, detail["line_number"]


def _parts(module: str, *, package: str) -> tuple[str, str]:
    """Give the package a module belongs to and the part of it, its door."""
    first, _, rest = module.removeprefix(f"{package}.").partition(".")
    return first, rest.partition(".")[0]


def _line(graph: ImportGraph, importer: str, imported: str) -> int:
    details = graph.get_import_details(importer=importer, imported=imported)
    return min((detail["line_number"] for detail in details), default=0)
