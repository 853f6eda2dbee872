# METADATA
# title: A vulnerability scan fails the pipeline
# description: >-
#   A scan whose result nobody waits for stops nothing: the image with the critical hole is published as if it had
#   passed. Trivy and grype end well whatever they find, unless they are told not to. Another scan in the pipeline
#   that can fail is enough.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: medium
#   applies_to: [pipeline]
#   owner: development
#   remediation: |
#     Let the scanner fail, and nothing swallow that:
#     ```yaml
#     scan:
#       script:
#         - trivy image --severity HIGH,CRITICAL --exit-code 1 registry.example.com/web:v1.2.0
#         - grype registry.example.com/web:v1.2.0 --fail-on high
#     ```
#     Accept a single vulnerability in the scanner's ignore file, not by `|| true` or `allow_failure`.
#   frameworks: {nist_800_190: ["4.1.1"], nist_800_53: [RA-5], pci_dss_4: ["6.3.1"]}
#   aliases: []
package rules.pipeline.scan_cannot_fail

deny contains {"msg": msg, "at": act.at} if {
	not _gated
	some act in _scans
	act.gates == false
	msg := concat("", ["the scan by ", act.tool, " in job ", act.job, " cannot fail the pipeline"])
}

_gated if {
	some act in _scans
	act.gates != false
}

_scans contains act if {
	some act in input.jobs[_].steps[_].acts
	act.kind == "scan"
}
