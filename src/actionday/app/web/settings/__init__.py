"""Language and colours of the pages, kept in a cookie."""
