"""One command a file. Heavy parts are imported when a command runs, so that --help is quick."""
