provider "aws" {
  alias  = "ap_northeast_1"
  region = "ap-northeast-1"
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

module "shirase_ap_northeast_1" {
  source    = "./terraform/spoke"
  providers = { aws = aws.ap_northeast_1 }

  customer_id       = "acme"
  hub_bus_arn       = "arn:aws:events:ap-northeast-1:111111111111:event-bus/shirase-acme"
  accounts          = ["222222222222", "555555555555"]
  regions           = ["ap-northeast-1"]
  heartbeat_minutes = 60
  rules = {
    "shirase-acme" = "{\"$or\":[{\"source\":[\"shirase.test\",\"shirase.heartbeat\"]},{\"source\":[\"aws.securityhub\"],\"detail-type\":[\"Security Hub Findings - Imported\"],\"detail\":{\"findings\":{\"$or\":[{\"Severity\":{\"Label\":[\"CRITICAL\",\"HIGH\"]}},{\"Compliance\":{\"Status\":[\"PASSED\"]}},{\"RecordState\":[\"ARCHIVED\"]},{\"Workflow\":{\"Status\":[\"RESOLVED\",\"SUPPRESSED\"]}}]}}},{\"source\":[\"aws.securityhub\"],\"detail-type\":[\"Findings Imported V2\"],\"detail\":{\"findings\":{\"$or\":[{\"severity\":[\"Critical\",\"Fatal\",\"High\"]},{\"status\":[\"Resolved\",\"Archived\",\"Suppressed\"]},{\"activity_name\":[\"Close\"]},{\"compliance\":{\"status\":[\"Pass\"]}}]}}},{\"source\":[\"aws.guardduty\"],\"detail-type\":[\"GuardDuty Finding\"],\"detail\":{\"severity\":[{\"numeric\":[\">=\",7]}]}},{\"source\":[\"aws.health\"],\"detail-type\":[\"AWS Health Event\",\"AWS Health Abuse Event\"]}]}"
  }
}

module "shirase_us_east_1" {
  source    = "./terraform/spoke"
  providers = { aws = aws.us_east_1 }

  customer_id       = "acme"
  hub_bus_arn       = "arn:aws:events:ap-northeast-1:111111111111:event-bus/shirase-acme"
  accounts          = ["222222222222", "555555555555"]
  regions           = ["us-east-1"]
  heartbeat_minutes = 60
  rules = {
    "shirase-acme" = "{\"$or\":[{\"source\":[\"shirase.test\",\"shirase.heartbeat\"]},{\"source\":[\"aws.securityhub\"],\"detail-type\":[\"Security Hub Findings - Imported\"],\"detail\":{\"findings\":{\"$or\":[{\"Severity\":{\"Label\":[\"CRITICAL\",\"HIGH\"]}},{\"Compliance\":{\"Status\":[\"PASSED\"]}},{\"RecordState\":[\"ARCHIVED\"]},{\"Workflow\":{\"Status\":[\"RESOLVED\",\"SUPPRESSED\"]}}]}}},{\"source\":[\"aws.securityhub\"],\"detail-type\":[\"Findings Imported V2\"],\"detail\":{\"findings\":{\"$or\":[{\"severity\":[\"Critical\",\"Fatal\",\"High\"]},{\"status\":[\"Resolved\",\"Archived\",\"Suppressed\"]},{\"activity_name\":[\"Close\"]},{\"compliance\":{\"status\":[\"Pass\"]}}]}}},{\"source\":[\"aws.guardduty\"],\"detail-type\":[\"GuardDuty Finding\"],\"detail\":{\"severity\":[{\"numeric\":[\">=\",7]}]}},{\"source\":[\"aws.health\"],\"detail-type\":[\"AWS Health Event\",\"AWS Health Abuse Event\"]}]}"
  }
}
