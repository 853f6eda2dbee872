# METADATA
# title: Load balancers speak HTTPS
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
#   frameworks: {}
#   aliases: [CKV_AWS_2, AVD-AWS-0054]
package rules.immutable_network.plaintext_listener

deny contains {"msg": msg, "at": "protocol"} if {
	input.block == "resource"
	input.type in {"aws_lb_listener", "aws_alb_listener"}
	object.get(input.attributes, "protocol", "") in {"HTTP", null}
	not _redirects
	msg := concat("", [input.address, " serves over plain HTTP"])
}

_redirects if {
	some action in input.attributes.default_action
	some redirect in action.redirect
	redirect.protocol == "HTTPS"
}
