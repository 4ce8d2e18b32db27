"""What customers owe and pay."""
