"""Where a quote stands in a document: as it is, written otherwise, or in other words.

A quote whose numbers, units, dates, versions or negations differ from the text is not found.
"""

from capdraft.checking.quotes.finding import Found, How, QuoteIndex, find_quotes, nearest

__all__ = ["Found", "How", "QuoteIndex", "find_quotes", "nearest"]
