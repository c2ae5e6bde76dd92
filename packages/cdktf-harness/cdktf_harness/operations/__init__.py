"""What people do with a deployment that runs: logs, status, invoke, releases, canary, alarms, doctor."""
