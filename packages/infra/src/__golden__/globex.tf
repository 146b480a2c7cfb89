provider "aws" {
  alias  = "ap_northeast_1"
  region = "ap-northeast-1"
}

module "shirase_ap_northeast_1" {
  source    = "./terraform/spoke"
  providers = { aws = aws.ap_northeast_1 }

  customer_id       = "globex"
  hub_bus_arn       = "arn:aws:events:ap-northeast-1:111111111111:event-bus/shirase-globex"
  accounts          = ["333333333333"]
  regions           = ["ap-northeast-1"]
  heartbeat_minutes = 60
  rules = {
    "shirase-globex"   = "{\"source\":[\"aws.securityhub\"],\"detail-type\":[\"Security Hub Findings - Imported\"],\"detail\":{\"findings\":{\"Compliance\":{\"Status\":[{\"anything-but\":[\"PASSED\"]}]},\"RecordState\":[\"ACTIVE\"],\"Severity\":{\"Label\":[\"CRITICAL\",\"HIGH\"]}}}}"
    "shirase-globex-2" = "{\"source\":[\"shirase.test\",\"shirase.heartbeat\"]}"
  }
}
