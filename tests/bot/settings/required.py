"""What must be set for Socket Mode."""

GOOD = {"SLACK_BOT_TOKEN": "xoxb-synthetic-1", "SLACK_APP_TOKEN": "xapp-synthetic-1", "SUPPORT_CHANNEL_ID": "C0SUPPORT"}
