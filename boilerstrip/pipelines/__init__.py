"""Cleaning inside other engines: one function over record batches, and a thin adapter for each engine.

Every adapter imports its library when it is used and names the extra that brings it.
"""
