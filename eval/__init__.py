"""Regression evaluation: case sets over our own sample reports, pure scorers, a resumable runner.

The system under test is reached through `eval.system.System` alone, so everything here runs
against a scripted one. Import with ``from eval.scorers import ...``: a plain ``import eval``
hides the builtin of that name.
"""
