"""One item: text, metadata, where else its content is, bytes, history."""
