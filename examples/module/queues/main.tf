terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "name" { type = string }

variable "attempts" {
  type    = number
  default = 3
}

resource "aws_sqs_queue" "dead" {
  count = var.attempts > 0 ? 1 : 0
  name  = "${var.name}-dead"
}

resource "aws_sqs_queue" "main" {
  name = var.name
  redrive_policy = var.attempts == 0 ? null : jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead[0].arn
    maxReceiveCount     = var.attempts
  })
}

output "url" { value = aws_sqs_queue.main.url }
