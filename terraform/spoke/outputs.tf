output "send_role_arn" {
  description = "The only way out: may put events on the company's bus."
  value       = aws_iam_role.send.arn
}

output "dead_letters_url" {
  description = "What could not be delivered, for 14 days."
  value       = aws_sqs_queue.dead_letters.url
}
