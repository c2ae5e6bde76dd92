"""What a call to the embedded AWS needs permission for, in a cloud that evaluates IAM policies."""
