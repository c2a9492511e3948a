"""How well and how fast the package works, measured on labelled pages and beside its peers."""
