"""`colisage bench NAME`: run a benchmark of the folder `bench/` and end with its one line of JSON."""

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from colisage.config.place import checkout


def main(argv: Sequence[str]) -> int:
    """Run a benchmark."""
    root = checkout()
    folder = root / "bench" if root else None
    if folder is None or not folder.is_dir():
        sys.stderr.write("Benchmarks run from a source checkout; this is an installed package.\n")
        return 1
    names = sorted(path.stem for path in folder.glob("[a-z]*.py") if path.stem != "conftest")
    parser = argparse.ArgumentParser(prog="colisage bench")
    parser.add_argument("name", choices=names)
    parser.add_argument("--data", type=Path, default=None, help="a directory of instances in the documented format")
    parser.add_argument("--budget", type=float, default=None, help="seconds per instance (or per measurement)")
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    options = parser.parse_args(argv)
    sys.path.insert(0, str(folder.parent))
    metrics = importlib.import_module(f"bench.{options.name}").run(options)
    sys.stdout.write(json.dumps({"bench": options.name, "metrics": metrics}) + "\n")
    return 0
