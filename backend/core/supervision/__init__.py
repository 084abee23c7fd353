"""The embedded way to run: one command starts the web process and the worker, watches and stops them."""
