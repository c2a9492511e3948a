"""Evidence to verdicts: what the tagger says of each block, what belongs together, and what is chosen."""
