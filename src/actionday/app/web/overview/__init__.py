"""The overview of a case: the balance, what it consists of, what needs a look."""
