"""Small moves on plans whose times are tied to one another, priced by what they change."""
