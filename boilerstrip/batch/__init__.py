"""Many pages at once: inputs through a pool of workers to outputs, and a state that knows what is done."""
