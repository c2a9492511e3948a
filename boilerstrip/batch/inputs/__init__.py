"""What a run reads: files, folders, tables and archives, as one stream of items."""
