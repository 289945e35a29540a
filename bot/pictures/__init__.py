"""The pictures of the steps: named in an outbox row, drawn and rendered when one is needed."""
