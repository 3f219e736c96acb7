"""The command line: one command a file, found by its name; ``main.py`` loads only the one that is called."""
