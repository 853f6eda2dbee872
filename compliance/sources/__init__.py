"""Sources look: each turns what the user pointed at into facts, gaps and passed-over files, and judges nothing."""
