"""The templates: in djade's format, readable, naming only addresses that exist. `--write` formats them."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "colisage"
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
DJADE = [str(Path(sys.executable).with_name("djade")), "--target-version", "5.2"]
NAMED = re.compile(r"""{%\s*url\s+["']([\w:-]+)["']""")


def main(argv: list[str]) -> int:
    """Say what is wrong with the templates, or put them into djade's format."""
    if argv not in ([], ["--write"]):
        sys.stderr.write(__doc__ or "")
        return 2
    files = [str(path.relative_to(ROOT)) for path in TEMPLATES]
    check = [] if argv else ["--check"]
    formatted = subprocess.run([*DJADE, *check, *files], cwd=ROOT, check=False).returncode == 0 or bool(argv)
    faults = list(_faults())
    for fault in faults:
        print(fault)
    return int(bool(faults) or not formatted)


def _faults() -> Iterator[str]:
    """Give what djade cannot know: templates that Django cannot read, addresses that nobody serves."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "colisage.config.settings")
    sys.path.insert(0, str(ROOT / "src"))
    import django  # noqa: PLC0415 -- the settings are named first

    django.setup()
    from django.template import TemplateSyntaxError, engines  # noqa: PLC0415
    from django.urls import get_resolver  # noqa: PLC0415

    served = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    for path in TEMPLATES:
        where = path.relative_to(ROOT)
        text = path.read_text(encoding="utf-8")
        try:
            engines["django"].from_string(text)
        except TemplateSyntaxError as error:
            yield f"{where}: {error}"
        for name in NAMED.findall(text):
            if ":" not in name and name not in served:
                yield f"{where}: no address is called {name}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
