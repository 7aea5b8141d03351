"""Set up, run, test, check and measure Colisage, with nothing but Python 3.11. `make` only calls this.

python3 bootstrap.py setup | run | test [PYTEST…] | check | bench [NAME…]
"""

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FOR_USE = ROOT / "requirements.txt"
FOR_WORK = ROOT / "requirements-dev.txt"  # everything of the first, and the tools
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SPELLED = ("src", "docs", "bench", "tools", "README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def main(words: list[str]) -> int:
    """Do what the first word says."""
    doing: dict[str, Callable[[list[str]], int]] = {
        "setup": setup,
        "run": run,
        "test": test,
        "check": check,
        "bench": bench,
    }
    if not words or words[0] not in doing:
        sys.stderr.write(__doc__ or "")
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036 -- this file is what an older Python reads first
        sys.stderr.write("Colisage needs Python 3.11 or newer: install it, and start bootstrap.py with it.\n")
        return 1
    return doing[words[0]](words[1:])


def setup(_words: list[str]) -> int:
    """Make everything ready for work on Colisage."""
    prepare(FOR_WORK)
    return 0


def run(words: list[str]) -> int:
    """Run everything until Ctrl-C."""
    prepare(FOR_USE)
    os.execve(PYTHON, [str(PYTHON), "-m", "colisage", "run", *words], environment())  # noqa: S606 -- our own command


def test(words: list[str]) -> int:
    """Run the tests: on both cores, unless a file is named."""
    prepare(FOR_WORK)
    have_browser()
    named = any((ROOT / word.split("::")[0]).exists() for word in words if not word.startswith("-"))
    several = [] if named else ["-n", "3"]  # one more than cores: some tests wait more than they work
    return subprocess.call([str(PYTHON), "-m", "pytest", *several, *words], cwd=ROOT, env=environment())


def check(_words: list[str]) -> int:
    """Run every check and say which failed."""
    prepare(FOR_WORK)
    tools, templates = VENV / "bin", sorted(ROOT.glob("src/colisage/*/templates/**/*.html"))
    django = [PYTHON, "-W", "ignore", "-m", "django"]
    steps: dict[str, list[object]] = {
        "format": [tools / "ruff", "format", "--check", "."],
        "lint": [tools / "ruff", "check", "--quiet", "."],
        "types": [tools / "mypy", "--no-error-summary"],
        "import contracts": [tools / "lint-imports"],
        "migrations": [*django, "makemigrations", "--check", "--dry-run"],
        "API description": [PYTHON, ROOT / "tools" / "openapi.py", "check"],
        "translations": [PYTHON, ROOT / "tools" / "messages.py", "check"],
        "spelling": [
            tools / "codespell",
            "--skip",
            "*.po,*.mo,*.svg",
            *(p for p in SPELLED if (ROOT / p).exists()),
        ],
        "templates": [tools / "djade", "--check", "--target-version", "5.2", *templates],
        "dependencies": [tools / "deptry", "--ignore", "DEP002", "src"],
    }
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failed = [name for name, good in zip(steps, pool.map(passes, steps, steps.values()), strict=True) if not good]
    say(f"FAILED: {', '.join(failed)}" if failed else "every check passes")
    return int(bool(failed))


def passes(name: str, command: list[object]) -> bool:
    """Run one check; what it says is shown when it fails."""
    apart = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "DATA_DIR": str(ROOT / "var" / "check")}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env={**environment(), **apart, "DJANGO_SETTINGS_MODULE": "colisage.config.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    say(f"ok      {name}" if done.returncode == 0 else f"FAILED  {name}\n{done.stdout[-8_000:]}")
    return done.returncode == 0


def bench(words: list[str]) -> int:
    """Run a benchmark: `bench intake --json`; without a name all of them, and write them down."""
    prepare(FOR_WORK)
    if not words:
        return subprocess.call([str(PYTHON), ROOT / "tools" / "benchmarks.py"], cwd=ROOT, env=environment())
    return subprocess.call([str(PYTHON), "-m", "colisage", "bench", *words], cwd=ROOT, env=environment())


def prepare(lock: Path) -> None:
    """Make the environment: locked packages, this package, compiled messages. Does only what has changed."""
    if not PYTHON.exists():
        say("Making the virtual environment")
        make_environment()
    wanted = f"{lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()}"
    whole = f"{FOR_WORK.name} {hashlib.sha256(FOR_WORK.read_bytes()).hexdigest()}"
    stamp = VENV / "installed"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") not in {wanted, whole}:
        say("Installing the locked packages")
        stamp.unlink(missing_ok=True)
        # The lock is complete, so there is nothing to resolve.
        call(
            PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--require-hashes",
            "-r",
            lock,
        )
        stamp.write_text(wanted, encoding="utf-8")
    link_package()
    call(PYTHON, ROOT / "tools" / "messages.py", "compile")


def make_environment() -> None:
    """Make the virtual environment; Debian keeps what that takes in a package of its own."""
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, OSError):
        shutil.rmtree(VENV, ignore_errors=True)
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise SystemExit(
                "Python cannot make a virtual environment here: install Debian's package python3-venv."
            ) from None
        apt_install(f"python3.{sys.version_info.minor}-venv")
        call(sys.executable, "-m", "venv", VENV)


def link_package() -> None:
    """Make `import colisage` and the command `colisage` work in the environment, without a build."""
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    # Written in ASCII: such a file is read in the encoding of the locale, and the path may have accents.
    line = f"import sys; sys.path.append({str(ROOT / 'src')!a})\n"
    (site / "colisage.pth").write_text(line, encoding="ascii")
    command = VENV / "bin" / "colisage"  # a path with spaces makes no `#!` line
    words = f'#!/bin/sh\nexport PYTHONUTF8=1\nexec {shlex.quote(str(PYTHON))} -m colisage "$@"\n'
    command.write_text(words, encoding="utf-8")
    command.chmod(0o755)


def have_browser() -> None:
    """Install Debian's Chromium for the browser tests where possible; say so loudly where it is not."""
    if any(map(shutil.which, BROWSERS)):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("Installing Chromium for the browser tests")
        apt_install("chromium")
    if not any(map(shutil.which, BROWSERS)):
        if os.environ.get("CI"):
            raise SystemExit("Chromium is missing and could not be installed: the browser tests cannot run.")
        say("!!! Chromium is missing: THE BROWSER TESTS WILL NOT RUN. Install Debian's package chromium.")


def apt_install(package: str) -> None:
    """Install a package of Debian, as root; whether that worked is for the caller to see."""
    asked = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        subprocess.call(["apt-get", *words], env=asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def environment() -> dict[str, str]:
    """Give the environment of what we start: UTF-8 whatever the locale says."""
    return {**os.environ, "PYTHONUTF8": "1", "VIRTUAL_ENV": str(VENV)}


def call(*command: object) -> None:
    """Run a step of the set-up; stop with its status when it fails."""
    status = subprocess.call([str(word) for word in command], cwd=ROOT, env=environment())
    if status:
        raise SystemExit(status)


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
