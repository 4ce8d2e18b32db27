"""What a dispatcher does to a day by hand."""
