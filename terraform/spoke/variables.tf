variable "customer_id" {
  description = "Your short name with the company, part of all names here."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.customer_id))
    error_message = "2 to 31 of a-z, 0-9 and -, a letter first."
  }
}

variable "hub_bus_arn" {
  description = "The one event bus in the company's account that events go to."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:events:[a-z0-9-]+:[0-9]{12}:event-bus/[A-Za-z0-9._-]+$", var.hub_bus_arn))
    error_message = "The ARN of an event bus."
  }
}

variable "rules" {
  description = "Which events leave: the pattern of each rule, as JSON, by the rule's name."
  type        = map(string)
}

variable "accounts" {
  description = "The only accounts that this may run in."
  type        = list(string)
}

variable "regions" {
  description = "The only regions that this may run in."
  type        = list(string)
}

variable "heartbeat_minutes" {
  description = "How often a sign of life is sent, in minutes."
  type        = number
  default     = 60

  validation {
    condition     = var.heartbeat_minutes >= 5 && var.heartbeat_minutes <= 1440 && floor(var.heartbeat_minutes) == var.heartbeat_minutes
    error_message = "Whole minutes from 5 to 1440."
  }
}
