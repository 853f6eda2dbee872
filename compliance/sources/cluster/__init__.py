"""Live clusters: what an API server holds, read page by page, told as facts, and judged once where it is the same."""
