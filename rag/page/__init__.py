"""The chat page: ask, read the answer beside the report, look after the library.

``serve`` starts it. ``shell`` puts the tabs together: ``chat``, ``library``, ``evaluation`` and
``settings``, all built on ``service``, which shares one model among everybody on the page.
"""
