"""Who walks a generation: this process, processes beside it, a cluster."""
