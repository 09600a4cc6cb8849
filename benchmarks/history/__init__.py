"""The records of the training runs of suite 1: read, checked, and made no more."""
