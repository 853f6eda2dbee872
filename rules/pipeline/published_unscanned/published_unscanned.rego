# METADATA
# title: Images are scanned for vulnerabilities before they are published
# description: >-
#   An image with a known hole is rolled out as quickly as any other. Nothing in this pipeline looks for one, so the
#   first to look may be somebody else. Pipelines that take parts from elsewhere, and repositories whose other
#   workflows scan, are not judged.
# schemas:
#   - input: schema.pipeline
# custom:
#   severity: medium
#   applies_to: [pipeline]
#   owner: development
#   remediation: |
#     Scan between building and publishing, and let the scan fail the pipeline:
#     ```yaml
#     scan:
#       stage: scan
#       script:
#         - trivy image --severity HIGH,CRITICAL --exit-code 1 registry.example.com/web:v1.2.0
#     ```
#   frameworks: {nist_800_190: ["4.1.1"], nist_800_53: [RA-5], nsa_cisa: [secure-images], pci_dss_4: ["6.3.1"]}
#   aliases: []
package rules.pipeline.published_unscanned

deny contains {"msg": msg, "at": act.at} if {
	input.complete
	not input.scanned_elsewhere
	some act in input.jobs[_].steps[_].acts
	act.kind == "publish"
	not act.copied
	act.order.scan == "none"
	msg := concat("", ["job ", act.job, " publishes an image, and nothing in this pipeline scans for vulnerabilities"])
}
