"""What the history tells the operator: rows in, figures out. No store, no Slack, no clock of its own."""
