# The customer's side of shirase: the same resources, names and permissions as the CloudFormation template that
# `shirase synth` writes, for people who run Terraform. One module call for each region.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id
  own_bus   = "arn:${local.partition}:events:${local.region}:${local.account}:event-bus/default"
}

# Sends a copy of each matching event to the company's bus. Events stay in this account as well.
resource "aws_cloudwatch_event_rule" "findings" {
  for_each = var.rules

  name          = each.key
  description   = "Which events of this account the company hears of"
  event_pattern = each.value
  state         = "ENABLED"

  lifecycle {
    precondition {
      condition     = contains(var.accounts, local.account) && contains(var.regions, local.region)
      error_message = "This module is for other accounts or regions: see var.accounts and var.regions."
    }
  }
}

resource "aws_cloudwatch_event_target" "hub" {
  for_each = var.rules

  rule      = aws_cloudwatch_event_rule.findings[each.key].name
  target_id = "hub"
  arn       = var.hub_bus_arn
  role_arn  = aws_iam_role.send.arn

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }

  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }

  # AWS checks that the role may put events on the bus when it makes the target.
  depends_on = [aws_iam_role_policy.send]
}

# Lets EventBridge put events of these rules on the company's bus. Nothing else.
resource "aws_iam_role" "send" {
  name               = "shirase-${var.customer_id}-${local.region}"
  description        = "Lets EventBridge put events of this stack's rules on the company's bus. Nothing else."
  assume_role_policy = data.aws_iam_policy_document.send_trust.json
}

data "aws_iam_policy_document" "send_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = [for name in keys(var.rules) : "arn:${local.partition}:events:${local.region}:${local.account}:rule/${name}"]
    }
  }
}

resource "aws_iam_role_policy" "send" {
  name   = "put-events"
  role   = aws_iam_role.send.id
  policy = data.aws_iam_policy_document.send.json
}

data "aws_iam_policy_document" "send" {
  statement {
    actions   = ["events:PutEvents"]
    resources = [var.hub_bus_arn]
  }
}

# Keeps what could not be delivered for 14 days, here in this account, encrypted.
resource "aws_sqs_queue" "dead_letters" {
  name                      = "shirase-${var.customer_id}-dead-letters"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.id
  policy    = data.aws_iam_policy_document.dead_letters.json
}

data "aws_iam_policy_document" "dead_letters" {
  statement {
    sid       = "RulesMayLeaveWhatFailed"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.dead_letters.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [for name in keys(var.rules) : aws_cloudwatch_event_rule.findings[name].arn]
    }
  }

  statement {
    sid       = "NobodyWithoutTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.dead_letters.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

# Shows the company that events still arrive, so that silence is not taken for safety.
resource "aws_scheduler_schedule" "heartbeat" {
  name                = "shirase-${var.customer_id}-heartbeat"
  description         = "A sign of life on this account's own bus; the rule sends it on"
  schedule_expression = "rate(${var.heartbeat_minutes} minutes)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = local.own_bus
    role_arn = aws_iam_role.heartbeat.arn
    input    = jsonencode({ customer = var.customer_id, everyMinutes = var.heartbeat_minutes, region = local.region })

    eventbridge_parameters {
      source      = "shirase.heartbeat"
      detail_type = "Heartbeat"
    }

    retry_policy {
      maximum_event_age_in_seconds = 300
      maximum_retry_attempts       = 3
    }
  }
}

# Lets the schedule put its heartbeat on this account's own event bus. Nothing else.
resource "aws_iam_role" "heartbeat" {
  name               = "shirase-${var.customer_id}-${local.region}-beat"
  description        = "Lets the schedule put its heartbeat on this account's own event bus. Nothing else."
  assume_role_policy = data.aws_iam_policy_document.heartbeat_trust.json
}

data "aws_iam_policy_document" "heartbeat_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:scheduler:${local.region}:${local.account}:schedule-group/default"]
    }
  }
}

resource "aws_iam_role_policy" "heartbeat" {
  name   = "put-events"
  role   = aws_iam_role.heartbeat.id
  policy = data.aws_iam_policy_document.heartbeat.json
}

data "aws_iam_policy_document" "heartbeat" {
  statement {
    actions   = ["events:PutEvents"]
    resources = [local.own_bus]
  }
}
