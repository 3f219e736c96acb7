"""Before and after a download of original bytes: a page that says what it is and asks why."""
