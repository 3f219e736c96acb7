"""The generator of the Kestrel network, a fictional network seized as real artefacts.

For demos, tests and benches; the product never imports it and it never imports the product.
Start reading at `generate.py` (the command), then `network.py` (who and what), `exhibits/`
(one file an exhibit) and `truth.py` (what a reader must find). Everything here is invented.
"""
