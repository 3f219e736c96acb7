"""Speed and memory, side by side with peers: one file a bench, ``python -m bench.run`` for all of them."""
