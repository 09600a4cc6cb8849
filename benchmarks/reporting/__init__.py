"""The report of suite 2: what its runs say of algorithms, families and gaits, made from records."""
