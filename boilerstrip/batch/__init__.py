"""Many pages at once: sources in, sinks out, processes between, and a journal that knows what is done."""
