"""The intake report of the case, given out as one file in the language of the page."""
