# METADATA
# title: Resources carry the tags that say what they are
# description: >-
#   What is replaced at every release must say which release it belongs to, or nobody can tell the old machines from the new, what
#   a rollback has to bring back, and which of them no code manages any more.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: low
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Tag the resource, or give every resource of a provider the same tags:
#     ```hcl
#     provider "aws" {
#       default_tags {
#         tags = {
#           Version     = var.app_version
#           Environment = var.environment
#           ManagedBy   = "terraform"
#         }
#       }
#     }
#     ```
#   frameworks: {}
#   aliases: [aws_resource_missing_tags]
#   params:
#     required_tags:
#       type: array
#       items: {type: string}
#       default: [Environment, ManagedBy]
#       description: tags that every resource needs
#     release_tags:
#       type: array
#       items: {type: string}
#       default: [Version]
#       description: tags that a resource needs besides when it carries a release of the application
#     release_types:
#       type: array
#       items: {type: string}
#       default:
#         - aws_instance
#         - aws_launch_template
#         - aws_lambda_function
#         - aws_ecs_service
#         - aws_ecs_task_definition
#         - aws_ami
#         - azurerm_linux_virtual_machine
#         - azurerm_windows_virtual_machine
#         - azurerm_linux_virtual_machine_scale_set
#         - google_compute_instance
#         - google_compute_instance_template
#       description: resource types that carry a release of the application
#     types:
#       type: array
#       items: {type: string}
#       default:
#         - aws_instance
#         - aws_launch_template
#         - aws_autoscaling_group
#         - aws_vpc
#         - aws_subnet
#         - aws_internet_gateway
#         - aws_nat_gateway
#         - aws_eip
#         - aws_route_table
#         - aws_security_group
#         - aws_lb
#         - aws_lb_target_group
#         - aws_db_instance
#         - aws_rds_cluster
#         - aws_db_subnet_group
#         - aws_s3_bucket
#         - aws_ebs_volume
#         - aws_efs_file_system
#         - aws_eks_cluster
#         - aws_ecs_cluster
#         - aws_ecs_service
#         - aws_ecs_task_definition
#         - aws_lambda_function
#         - aws_dynamodb_table
#         - aws_ecr_repository
#         - aws_ami
#         - azurerm_resource_group
#         - azurerm_virtual_network
#         - azurerm_network_security_group
#         - azurerm_public_ip
#         - azurerm_linux_virtual_machine
#         - azurerm_windows_virtual_machine
#         - azurerm_linux_virtual_machine_scale_set
#         - azurerm_kubernetes_cluster
#         - azurerm_storage_account
#         - azurerm_mssql_server
#         - azurerm_mssql_database
#         - azurerm_postgresql_flexible_server
#         - azurerm_mysql_flexible_server
#         - google_compute_instance
#         - google_compute_instance_template
#         - google_compute_disk
#         - google_container_cluster
#         - google_storage_bucket
#       description: resource types that have tags or labels
package rules.infrastructure.missing_tags

deny contains {"msg": msg, "at": "tags"} if {
	params := input.params["infrastructure.missing_tags"]
	input.block == "resource"
	input.type in params.types
	missing := [tag | some tag in array.concat(_release_tags(params), params.required_tags); not _has(tag)]
	count(missing) > 0
	msg := concat("", [input.address, " has no tag ", concat(", ", missing)])
}

_release_tags(params) := [tag | some tag in params.release_tags; input.type in params.release_types]

# Google Cloud takes no capitals: managed_by is ManagedBy.
_has(wanted) if {
	some tag, _ in input.tags
	_plain(tag) == _plain(wanted)
}

_plain(tag) := replace(replace(lower(tag), "_", ""), "-", "")
