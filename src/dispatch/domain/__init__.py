"""The words of field service: values that check themselves. Standard library only."""
