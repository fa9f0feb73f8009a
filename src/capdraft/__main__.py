"""`python -m capdraft`."""

import sys

from capdraft.cli import main

sys.exit(main())
