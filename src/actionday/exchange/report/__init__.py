"""The intake report: what a case holds, what it does not and why, for people, as HTML and as PDF/A.

``_compose`` makes one ``Report`` out of the case's tables, by the functions that ``status``, ``export`` and ``verify``
use; ``_html`` and ``_pdf`` write it. What a report names one by one is bounded, and how much it leaves out is said.
"""
