"""Trade, visitors, rare earths and earlier cases."""
