"""Blocks to text, clean HTML, Markdown, TEI and JSON, from ``document.blocks`` alone: no page is parsed again."""
