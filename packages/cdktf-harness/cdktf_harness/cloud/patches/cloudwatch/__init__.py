"""Patches of CloudWatch: metrics, alarms and the Query protocol."""
