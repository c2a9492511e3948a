"""The page that shows every block with its verdict and its reasons, and the index of a folder of such pages."""

from boilerstrip.report.compare import EXTRACTORS, OtherText, read_other_text
from boilerstrip.report.index import clear_reports, list_reports, render_index, write_index, write_report
from boilerstrip.report.page import render_report_against, report
from boilerstrip.report.parts import ReportEntry, describe_document

__all__ = [
    "EXTRACTORS",
    "OtherText",
    "ReportEntry",
    "clear_reports",
    "describe_document",
    "list_reports",
    "read_other_text",
    "render_index",
    "render_report_against",
    "report",
    "write_index",
    "write_report",
]
