"""Tables in files that people send: read with suspicion, given back with reasons."""

from colisage.kit.tabular.dialect import Dialect, fold
from colisage.kit.tabular.grouping import Group, gather
from colisage.kit.tabular.reading import LIMIT_BYTES, BadRow, Row, Table, open_table, table_of
from colisage.kit.tabular.refusals import (
    ROW_REASONS,
    DamagedArchive,
    DamagedWorkbook,
    DuplicateColumns,
    EmptyFile,
    FileTooLarge,
    MissingColumns,
    NotATable,
    OnlyHeader,
    SpreadsheetFile,
    TableRefused,
    UnknownEncoding,
)
from colisage.kit.tabular.writing import REASON_NAMES, harmless, write_refused

__all__ = [
    "LIMIT_BYTES",
    "REASON_NAMES",
    "ROW_REASONS",
    "BadRow",
    "DamagedArchive",
    "DamagedWorkbook",
    "Dialect",
    "DuplicateColumns",
    "EmptyFile",
    "FileTooLarge",
    "Group",
    "MissingColumns",
    "NotATable",
    "OnlyHeader",
    "Row",
    "SpreadsheetFile",
    "Table",
    "TableRefused",
    "UnknownEncoding",
    "fold",
    "gather",
    "harmless",
    "open_table",
    "table_of",
    "write_refused",
]
