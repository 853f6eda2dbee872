# METADATA
# title: As many replicas run as were declared
# description: >-
#   Somebody scaled by hand, and the next deployment undoes it, perhaps under load. Where an autoscaler owns the
#   number, only a number outside of its bounds is drift.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: low
#   applies_to: [live_object]
#   owner: operations
#   remediation: |
#     Declare the number that is needed, or let an autoscaler own it and declare none.
#   frameworks: {nist_800_53: ["CM-2", "CM-3"], pci_dss_4: ["6.5.1", "11.5.2"]}
#   aliases: []
package rules.drift.replicas_differ

deny contains {"msg": msg, "at": "spec.replicas"} if {
	replicas := input.replicas
	replicas.autoscaler == null
	replicas.declared != null
	replicas.live != null
	replicas.live != replicas.declared
	numbers := concat(" instead of ", [format_int(replicas.live, 10), format_int(replicas.declared, 10)])
	msg := concat("", [input.kind, " ", input.name, " is scaled to ", numbers, _by(replicas)])
}

deny contains {"msg": msg, "at": "spec.replicas"} if {
	replicas := input.replicas
	replicas.live != null
	_outside(replicas.live, replicas.autoscaler)
	scaled := concat(" ", [input.kind, input.name, "is scaled to", format_int(replicas.live, 10)])
	by := concat(" ", [replicas.autoscaler.kind, replicas.autoscaler.name])
	msg := concat("", [scaled, ", outside of the bounds of ", by, _by(replicas)])
}

_outside(live, autoscaler) if {
	autoscaler.min != null
	live < autoscaler.min
}

_outside(live, autoscaler) if {
	autoscaler.max != null
	live > autoscaler.max
}

_by(replicas) := concat("", ["; ", replicas.scaled_by.manager, " wrote it", _hand(replicas.scaled_by)]) if {
	replicas.scaled_by != null
}

_by(replicas) := "" if replicas.scaled_by == null

_hand(writer) := " by hand" if writer.by_hand

_hand(writer) := "" if not writer.by_hand
