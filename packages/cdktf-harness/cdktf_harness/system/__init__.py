"""Files, processes, locks and progress; knows no app, no Terraform and no Docker."""
