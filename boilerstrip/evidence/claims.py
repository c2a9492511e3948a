"""Claims: what the page says it is. Each column is the same for all blocks of a page."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip import tags
from boilerstrip.page import Page

COLUMNS: Final = tuple(f"claims_{claim}" for claim in tags.CLAIMS)


def measure_claims(page: Page) -> dict[str, NDArray[np.float64]]:
    """The columns of the claims that the page makes, each of shape (n,); those it does not make are left out."""
    ones = np.ones(len(page))
    return {f"claims_{claim}": ones for claim in tags.CLAIMS if claim in page.head.claims}
