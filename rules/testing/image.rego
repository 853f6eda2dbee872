# Facts of an image that no rule objects to; tests change some of them.
package testing.image

_image := {
	"text": "registry.example.com/shop/web:v1.2.0@sha256:6d0c",
	"source": "registry",
	"reference": {
		"registry": "registry.example.com",
		"repository": "shop/web",
		"name": "registry.example.com/shop/web",
		"tag": "v1.2.0",
		"digest": "sha256:6d0c",
		"normalised": "registry.example.com/shop/web:v1.2.0@sha256:6d0c",
	},
	"digest": "sha256:6d0c",
	"platform": {"os": "linux", "architecture": "amd64", "variant": null},
	"resolved_at": "2026-11-20T08:00:00Z",
	"now": "2026-11-20T08:00:01Z",
	"labels": {"org.opencontainers.image.version": "v1.2.0"},
	"annotations": {},
	"args": [],
	"stages": [],
	"layers": [],
	"contents": {
		"complete": true,
		"distribution": {"id": "debian", "version": "12"},
		"programs": [],
		"setuid": [],
		"capabilities": [],
		"world_writable": [],
		"secrets": [],
		"odd": [],
	},
	"base": null,
	"config": {
		"user": "10001",
		"root": false,
		"env": ["PATH"],
		"exposed_ports": ["8080/tcp"],
		"healthcheck": true,
		"created": "2026-11-02T09:10:00Z",
		"age_days": 17,
	},
	"verification": {
		"configured": true,
		"policy": {
			"name": "release",
			"signers": [_signer],
			"signers_required": 1,
			"log_required": false,
			"timestamp_required": false,
			"attestations": [],
			"found": {"signers": 1, "logged": 1, "timestamped": 0},
		},
	},
	"signatures": [_signature],
	"other_signatures": [],
	"attestations": [_attestations.provenance, _attestations.test, _attestations.scan],
	"tag": {
		"name": "v1.2.0",
		"digest_now": "sha256:6d0c",
		"digest_when_signed": "sha256:6d0c",
		"moved": false,
	},
	"sbom": {"present": true, "format": "cyclonedx", "attached_as": "attestation"},
	"scan": {
		"scanners": [
			{
				"name": "trivy",
				"version": "0.70.0",
				"failed": null,
				"database": {"built_at": "2026-11-20T06:00:00Z", "age_days": 0},
			},
			{
				"name": "grype",
				"version": "0.120.0",
				"failed": null,
				"database": {"built_at": "2026-11-20T01:00:00Z", "age_days": 0},
			},
		],
		"distribution": {"name": "debian", "version": "12", "end_of_life": "2028-06-30", "ended": false},
		"packages": 88,
		"vulnerabilities": [],
	},
}

_signer := {"text": "release key", "key": "sha256:5f5f", "identity": null, "issuer": null}

_signature := {
	"at": "signatures[release key]",
	"layout": "legacy",
	"verified": true,
	"why": null,
	"signer": _signer,
	"trusted": true,
	"signed_at": "2026-11-02T09:15:00Z",
	"transparency_log": true,
}

_attestations := {
	"provenance": {
		"at": "attestations[provenance release key]",
		"predicate_type": "https://slsa.dev/provenance/v1",
		"type": "provenance",
		"latest": true,
		"result": null,
		"conditions": [],
		"age_days": 17,
		"provenance": {
			"builder": "https://ci.example.com/builders/container@v2",
			"source": "https://git.example.com/shop/web",
			"revision": "9fceb02d",
		},
		"layout": "bundle",
		"verified": true,
		"why": null,
		"signer": _signer,
		"trusted": true,
		"signed_at": "2026-11-02T09:16:00Z",
		"transparency_log": true,
	},
	"test": {
		"at": "attestations[test release key]",
		"predicate_type": "https://in-toto.io/attestation/test-result/v0.1",
		"type": "test",
		"latest": true,
		"result": "passed",
		"conditions": [],
		"age_days": 17,
		"provenance": null,
		"layout": "bundle",
		"verified": true,
		"why": null,
		"signer": _signer,
		"trusted": true,
		"signed_at": "2026-11-02T09:16:00Z",
		"transparency_log": true,
	},
	"scan": {
		"at": "attestations[scan release key]",
		"predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1",
		"type": "scan",
		"latest": true,
		"result": null,
		"conditions": [],
		"age_days": 17,
		"provenance": null,
		"layout": "bundle",
		"verified": true,
		"why": null,
		"signer": _signer,
		"trusted": true,
		"signed_at": "2026-11-02T09:16:00Z",
		"transparency_log": true,
	},
}

_vulnerability := {
	"at": "vulnerabilities[CVE-2024-1234 openssl]",
	"id": "CVE-2024-1234",
	"aliases": [],
	"package": "openssl",
	"version": "3.0.11-1",
	"ecosystem": "deb",
	"fixed_version": "3.0.15-1",
	"severity": "high",
	"seen_by": ["grype", "trivy"],
	"not_seen_by": [],
	"known_exploited": false,
	"age_days": 3,
	"fix_age_days": 2,
	"vex": null,
	"open": true,
}

# A layer as findings name it.
layer := {"number": 2, "digest": "sha256:cc", "called": "layer 2 (COPY . /)"}

# The facts with some values changed, given by JSON pointer.
facts(changes) := json.patch(_image, [change |
	some path, value in changes
	change := {"op": "replace", "path": path, "value": value}
])

# Parts of the facts, with some values changed.
signature(changes) := object.union(_signature, changes)

attestation(type, changes) := object.union(_attestations[type], changes)

vulnerability(changes) := object.union(_vulnerability, changes)
