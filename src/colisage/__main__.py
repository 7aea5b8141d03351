"""`python -m colisage` is `colisage`."""

import sys

from colisage.config.cli import main

sys.exit(main())
