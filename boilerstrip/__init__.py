"""Strip boilerplate from web pages and scraped text; the story stays, and every block says why."""

from boilerstrip.blocks import Block, Reason
from boilerstrip.cleaner import Cleaner, clean
from boilerstrip.document import Document
from boilerstrip.memory import SiteMemory

__version__ = "0.1.0"

__all__ = ["Block", "Cleaner", "Document", "Reason", "SiteMemory", "__version__", "clean"]
