"""Blocks to text, clean HTML, Markdown and JSON, from ``document.blocks`` alone: no page is parsed again."""
