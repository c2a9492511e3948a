"""Settings of the documentation's generator, Sphinx (https://www.sphinx-doc.org/)."""

import boilerstrip

project = "boilerstrip"
author = "the authors of boilerstrip"
release = version = boilerstrip.__version__
html_title = f"boilerstrip {release}"
html_theme = "furo"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "description"
suppress_warnings = ["misc.highlighting_failure"]
