"""Tables for spreadsheets, to be read and not to come back: no cell of them is run."""
