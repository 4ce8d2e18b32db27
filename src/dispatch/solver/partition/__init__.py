"""The engine `partition`: big days in parts, side by side, cut differently each time."""
