"""The review desk in the browser: Starlette and Jinja2, of the extra `web`, only for `serve`."""
