provider "aws" {
  alias  = "ap_northeast_1"
  region = "ap-northeast-1"
}

module "shirase_ap_northeast_1" {
  source    = "./terraform/spoke"
  providers = { aws = aws.ap_northeast_1 }

  customer_id       = "initech"
  hub_bus_arn       = "arn:aws:events:ap-northeast-1:111111111111:event-bus/shirase-initech"
  accounts          = ["666666666666"]
  regions           = ["ap-northeast-1"]
  heartbeat_minutes = 60
  rules = {
    "shirase-initech" = "{\"$or\":[{\"source\":[\"shirase.test\",\"shirase.heartbeat\"]},{\"source\":[\"aws.securityhub\"],\"detail-type\":[\"Security Hub Findings - Imported\"],\"detail\":{\"findings\":{\"$or\":[{\"Severity\":{\"Label\":[\"CRITICAL\",\"HIGH\"]}},{\"Compliance\":{\"Status\":[\"PASSED\"]}},{\"RecordState\":[\"ARCHIVED\"]},{\"Workflow\":{\"Status\":[\"RESOLVED\",\"SUPPRESSED\"]}}]}}},{\"source\":[\"aws.securityhub\"],\"detail-type\":[\"Findings Imported V2\"],\"detail\":{\"findings\":{\"$or\":[{\"severity\":[\"Critical\",\"Fatal\",\"High\"]},{\"status\":[\"Resolved\",\"Archived\",\"Suppressed\"]},{\"activity_name\":[\"Close\"]},{\"compliance\":{\"status\":[\"Pass\"]}}]}}}]}"
  }
}
