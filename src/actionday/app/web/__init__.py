"""The pages of ``actionday serve``: a page is a folder with its view and its template; partials are named blocks.

Knows ``access`` (one house function a page), ``storage``, ``model``; nothing imports it but ``app.cli.serve``.
Start at ``application.py`` (how pages are found), ``visit.py`` (what a view is given), ``shell/base.html``.
Rules of the pages: ``docs/pages.md``.
"""
