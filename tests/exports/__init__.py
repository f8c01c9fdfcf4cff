"""Exports of systems the addon has no source for, in the layouts they document.

Each module gives the files of one export, and says what is wrong with them on purpose.
"""
