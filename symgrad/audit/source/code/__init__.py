"""Listings: what their calculations and printed values say."""
