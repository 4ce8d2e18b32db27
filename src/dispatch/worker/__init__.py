"""What happens without anybody waiting for it: runs are planned, clocks run out."""
