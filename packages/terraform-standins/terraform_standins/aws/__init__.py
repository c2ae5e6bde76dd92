"""The stand-in for hashicorp/aws 6.25.0: botocore instead of the SDK for Go, one package per service."""
