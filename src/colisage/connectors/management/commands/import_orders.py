"""`colisage import orders FILE`: read a file of orders here and now, with progress, and account for every row."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from colisage.catalog.actions.save_skus import SkuRow, save_skus
from colisage.connectors.online_retail.catalogue import implied_catalogue
from colisage.intake.actions.run_import import run_import
from colisage.intake.actions.start_import import start_import
from colisage.intake.ports import DATE_ORDERS, ReadingOptions
from colisage.intake.queries import ImportRun, report_of, report_told
from colisage.intake.queries.mappings import format_of
from colisage.inventory.actions.open_stock import OpeningRow, open_stock
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import Refused
from colisage.kit.settling import settle
from colisage.kit.tabular import open_table
from colisage.network.queries import bins_of, channels_of, nodes_serving
from colisage.people.queries import Party, merchant_called

MOST_UNITS = 1_000_000_000
PIECE = 5_000


class Command(BaseCommand):
    """Import a file of orders."""

    help = "Import a file of orders; every row of the file is accounted for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked for."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format", default="", help="shopify, woocommerce, online-retail or plain; recognised when left out"
        )
        parser.add_argument(
            "--mapping", default="", help="the name of a saved mapping of columns; found by the columns when left out"
        )
        parser.add_argument("--merchant", default="", help="the merchant's short name; needed when there are several")
        parser.add_argument(
            "--channel", default="", help="the sales channel's code; the merchant's first when left out"
        )
        parser.add_argument("--dates", choices=sorted(DATE_ORDERS), default=None)
        parser.add_argument(
            "--history", action="store_true", help="orders of the past: nobody is told, nothing is sent"
        )
        parser.add_argument(
            "--opening-stock",
            choices=["none", "ample", "replay"],
            default=None,
            help="the catalogue is made from the file, its orders are history; and stock is made: none (they hold "
            "nothing), ample (ten times what is sold), replay (just what is sold)",
        )
        parser.add_argument("--json", action="store_true", help="print nothing but one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import."""
        settle()
        try:
            run = self._import(options)
        except (Refused, OSError) as problem:
            raise CommandError(str(problem)) from problem
        if run.state == "refused":
            raise CommandError(run.problem)
        if options["json"]:
            self.stdout.write(json.dumps(report_of(run)))
            return
        for words, count in report_told(run):
            self.stdout.write(f"{count:>10}  {words}")
        if run.refused:
            self.stdout.write(f"{settings.COLISAGE_URL}{reverse('import', args=[run.pk])}")

    def _import(self, options: dict[str, Any]) -> ImportRun:
        merchant = merchant_called(options["merchant"])
        channel = options["channel"] or next(iter(channels_of(merchant.id)), "")
        opening = options["opening_stock"]
        if opening is not None:
            self._open(merchant, options, opening=opening)
        with options["file"].open("rb") as source:
            run_id = start_import(
                merchant.id,
                channel=channel,
                source=source,
                file_name=options["file"].name,
                options={
                    "format": options["format"],
                    "mapping": options["mapping"],
                    "dates": options["dates"],
                    "history": options["history"] or opening is not None,
                    "opening_stock": opening or "ample",
                },
                actor=SYSTEM,
                in_background=False,
            )
        return run_import(run_id, progress=None if options["json"] else self._show)

    def _show(self, run: ImportRun) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{run.rows:>10} rows, {run.orders} orders")
            sys.stderr.flush()

    def _open(self, merchant: Party, options: dict[str, Any], *, opening: str) -> None:
        """Make the SKUs the file implies and, where asked for, the stock its orders need."""
        table = open_table(options["file"])
        order_format = format_of(table, name=options["format"])
        reading = ReadingOptions(
            currency=merchant.currency, dates=DATE_ORDERS.get(options["dates"] or ""), history=True
        )
        products = list(implied_catalogue(order_format.orders(table, options=reading)))
        ids: dict[str, int] = {}
        for start in range(0, len(products), PIECE):
            piece = products[start : start + PIECE]
            ids |= save_skus(
                merchant.id, [SkuRow(code=p.sku, name=p.name, price_cents=p.price_cents) for p in piece], actor=SYSTEM
            )
        if opening == "none":
            return
        node = nodes_serving([merchant.id])[merchant.id][0]
        bins = bins_of(node.node_id)
        times = 10 if opening == "ample" else 1
        stock = [
            OpeningRow(ids[p.sku.upper()], bins[n % len(bins)].id, min(p.units * times, MOST_UNITS))
            for n, p in enumerate(products)
        ]
        document = options["file"].stat().st_size  # the same file again opens no second stock
        for start in range(0, len(stock), PIECE):
            open_stock(merchant.id, stock[start : start + PIECE], document_id=document, actor=SYSTEM)
