"""Recipes that made the bundled weights; the product never imports this package."""
