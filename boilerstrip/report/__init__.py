"""The page that shows every block with its verdict and its reasons, and the index of a folder of such pages."""

from boilerstrip.report.index import ReportEntry, describe_document, render_index
from boilerstrip.report.page import find_main_reason, render_report

__all__ = ["ReportEntry", "describe_document", "find_main_reason", "render_index", "render_report"]
