"""What each command does and says, written once for both faces."""
