"""What technicians do on their route, said at once or hours later."""
