"""Links by which customers look after their job."""
