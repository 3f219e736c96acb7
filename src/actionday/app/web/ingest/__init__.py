"""The intake page: how far the run is, live once a second, and with which parameters."""
