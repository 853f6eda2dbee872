# METADATA
# title: Load balancers and web applications speak HTTPS
# description: >-
#   What a load balancer takes in over HTTP can be read and changed by everybody on the way: passwords, session cookies, downloads.
#   A listener on port 80 should do nothing but send the browser to HTTPS.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: high
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Send the browser on, and serve on an HTTPS listener:
#     ```hcl
#     default_action {
#       type = "redirect"
#       redirect {
#         port        = "443"
#         protocol    = "HTTPS"
#         status_code = "HTTP_301"
#       }
#     }
#     ```
#   frameworks: {nist_800_53: ["SC-8"]}
#   aliases:
#     - CKV_AWS_2
#     - CKV_AWS_34
#     - CKV_AWS_376
#     - CKV_AZURE_3
#     - CKV_AZURE_14
#     - CKV_AZURE_70
#     - CKV_AZURE_217
#     - AVD-AWS-0012
#     - AVD-AWS-0054
#     - AVD-AZU-0008
package rules.immutable_network.plaintext_listener

deny contains {"msg": msg, "at": plaintext.at} if {
	some listener in input.listeners
	plaintext := listener.plaintext
	plaintext.value != false
	msg := concat("", [input.address, " serves over plain HTTP"])
}
