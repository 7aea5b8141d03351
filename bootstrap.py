"""Set up, run, test, check and measure Colisage, with nothing but Python 3.11. `make` only calls this.

    python3 bootstrap.py setup | run | test [PYTEST…] | check | bench [NAME…]
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements-dev.txt"
PYTHON = VENV / "bin" / "python"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Do what the first word says."""
    doing = {"setup": setup, "run": run, "test": test, "check": check, "bench": bench}
    if len(sys.argv) < 2 or sys.argv[1] not in doing:
        sys.stderr.write(__doc__ or "")
        return 2
    if sys.version_info < (3, 11):
        sys.stderr.write("Colisage needs Python 3.11 or newer.\n")
        return 1
    return doing[sys.argv[1]](sys.argv[2:])


def setup(_words: list[str]) -> int:
    """Make the environment: locked packages, this package, compiled messages. Does only what has changed."""
    if not PYTHON.exists():
        say("Making the virtual environment")
        venv.create(VENV, with_pip=True, clear=True)
    lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = VENV / "installed"
    if not stamp.exists() or stamp.read_text() != lock:
        say("Installing the locked packages")
        call(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", LOCK)
        stamp.write_text(lock)
    link_package()
    call(PYTHON, ROOT / "tools" / "messages.py", "compile")
    return 0


def link_package() -> None:
    """Make `import colisage` and the command `colisage` work in the environment, without a build."""
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    (site / "colisage.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    command = VENV / "bin" / "colisage"
    command.write_text(f"#!{PYTHON}\nimport sys\nfrom colisage.config.cli import main\nsys.exit(main())\n", encoding="utf-8")
    command.chmod(0o755)


def run(words: list[str]) -> int:
    """Set up and run everything, until Ctrl-C."""
    setup([])
    command = [str(PYTHON), "-m", "colisage", "run", *words]
    os.execve(command[0], command, environment())


def test(words: list[str]) -> int:
    """Set up and run the tests: on both cores, unless a file is named."""
    setup([])
    chromium()
    named = any(Path(word.split("::")[0]).exists() for word in words if not word.startswith("-"))
    several = [] if named else ["-n", "2", "--dist", "loadscope"]
    return subprocess.call([str(PYTHON), "-m", "pytest", *several, *words], cwd=ROOT, env=environment())


def chromium() -> None:
    """Install Debian's Chromium for the browser tests where that is possible; say so loudly where it is not."""
    if any(shutil.which(name) for name in CHROMIUM):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("Installing Chromium for the browser tests")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.call(["apt-get", "update", "-qq"], **quiet)
        asked = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.call(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], env=asked, **quiet)
    if not any(shutil.which(name) for name in CHROMIUM):
        if os.environ.get("CI"):
            raise SystemExit("Chromium is missing and could not be installed: the browser tests cannot run.")
        say("!!! Chromium is missing: THE BROWSER TESTS WILL NOT RUN. Install Debian's package chromium.")


def check(_words: list[str]) -> int:
    """Run every check and say which failed."""
    setup([])
    bin_ = VENV / "bin"
    steps: dict[str, list[object]] = {
        "format": [bin_ / "ruff", "format", "--check", "--quiet", "."],
        "lint": [bin_ / "ruff", "check", "--quiet", "."],
        "types": [bin_ / "mypy", "--no-error-summary"],
        "import contracts": [bin_ / "lint-imports"],
        "migrations": [PYTHON, "-m", "colisage", "manage", "makemigrations", "--check", "--dry-run", "--verbosity", "1"],
        "API description": [PYTHON, ROOT / "tools" / "openapi.py", "check"],
        "translations": [PYTHON, ROOT / "tools" / "messages.py", "check"],
        "spelling": [bin_ / "codespell", "src", "docs", "tests", "bench", "tools", "README.md", "CONTRIBUTING.md"],
        "templates": [PYTHON, ROOT / "tools" / "templates.py"],
    }
    failed = []
    for name, command in steps.items():
        done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment(), capture_output=True, text=True)
        say(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name}")
        if done.returncode:
            failed.append(name)
            sys.stdout.write(done.stdout[-6_000:] + done.stderr[-3_000:])
    if failed:
        say(f"make check: {', '.join(failed)} failed")
    return int(bool(failed))


def bench(words: list[str]) -> int:
    """Run a benchmark: `bench intake --json`; without a name, all of them, into docs/benchmarks.md."""
    setup([])
    command = [str(PYTHON), "-m", "colisage", "bench", *words] if words else [str(PYTHON), "tools/benchmarks.py"]
    return subprocess.call(command, cwd=ROOT, env=environment())


def environment() -> dict[str, str]:
    """Give the environment of what we start: UTF-8 whatever the locale says."""
    return {**os.environ, "PYTHONUTF8": "1", "VIRTUAL_ENV": str(VENV)}


def call(*command: object) -> None:
    """Run a step of the set-up; stop with its status when it fails."""
    done = subprocess.call([str(part) for part in command], cwd=ROOT, env=environment())
    if done:
        raise SystemExit(done)


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
