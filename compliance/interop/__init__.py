"""Other tools' rules, read as they are and judged as ours: `rules_yaml` reads rules that are shell pipelines."""
