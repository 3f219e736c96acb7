"""Items by what they are: the list behind every number."""
