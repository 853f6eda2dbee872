# METADATA
# title: A failure inside a pipe fails the build
# description: >-
#   Of `curl … | tar x` the shell sees only how tar ended: a download that breaks off can leave half a program in
#   the image, and the build says that all is well. Commands that cannot fail or only filter, such as echo and sort,
#   do not count.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Ask for pipefail, in a shell that knows it:
#     ```dockerfile
#     SHELL ["/bin/bash", "-o", "pipefail", "-c"]
#     RUN curl -fsSL https://example.com/app.tar.gz | tar xz -C /opt
#     ```
#   frameworks: {}
#   aliases: [DL4006]
#   params:
#     cannot_fail:
#       type: array
#       items: {type: string}
#       default: [echo, printf, "yes", "true", ":", "}", done, fi, esac, case, cat, ls, tee, tr, sort, uniq, cut, awk, sed, head, tail, xargs, grep, find]
#       description: programs whose failure inside a pipe does not matter, since they cannot fail, only filter, or found nothing
package rules.dockerfile.pipe_failure_hidden

deny contains {"msg": msg, "at": run.at} if {
	input.directives.escape == "\\"
	some stage in input.stages
	some run in stage.runs
	programs := {command.words[0] | some command in run.commands; command.failure_hidden} - _cannot_fail
	count(programs) > 0
	msg := concat("", ["stage ", stage.id, " does not notice when these fail, whose output is piped: ", concat(", ", sort(programs))])
}

_cannot_fail := {name | some name in input.params["dockerfile.pipe_failure_hidden"].cannot_fail}
