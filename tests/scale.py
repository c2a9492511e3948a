"""How much the tests that count do: a little in the suite, as much as was promised in ``make robustness``."""

import os
from typing import Final

SCALE: Final = int(os.environ.get("BOILERSTRIP_SCALE", "1"))
"""Times as many kills and damaged files as in the suite."""
