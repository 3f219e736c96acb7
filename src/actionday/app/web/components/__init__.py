"""The gallery of components: every macro with every state it can have."""
