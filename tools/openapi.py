"""The description of the API as it is in `docs/reference/openapi.json`: `openapi.py check | write`."""

import difflib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "docs" / "reference" / "openapi.json"


def main(argv: list[str]) -> int:
    """Compare what is kept with what the code says, or keep that."""
    if argv not in (["check"], ["write"]):
        sys.stderr.write(__doc__ or "")
        return 2
    command = [sys.executable, "-m", "django", "export_openapi", "--settings", "colisage.config.settings"]
    now = subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    ).stdout
    if argv == ["write"]:
        KEPT.write_text(now, encoding="utf-8")
        return 0
    before = KEPT.read_text(encoding="utf-8") if KEPT.exists() else ""
    if now == before:
        return 0
    sys.stdout.writelines(difflib.unified_diff(before.splitlines(True), now.splitlines(True), "kept", "now", n=1))
    print(f"\nThe API has changed: if that is meant, run `python {Path(__file__).relative_to(ROOT)} write`.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
