"""What is around every page: top bar, navigation, the macros of ``ui.html``, the page of an error."""
