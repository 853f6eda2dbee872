variable "environment" {
  description = "Where this is deployed."
  type        = string
  default     = "prod"
}

variable "app_version" {
  description = "The version that the machine image was built from."
  type        = string
  default     = "1.2.0"
}

variable "ami" {
  description = "The machine image of that version. A new version is a new image, never a change to a running machine."
  type        = string
  default     = "ami-0c55b159cbfafe1f0"
}

variable "availability_zones" {
  description = "The zones that the network spans."
  type        = list(string)
  default     = ["us-west-2a", "us-west-2b", "us-west-2c"]
}

variable "certificate_arn" {
  description = "The load balancer's certificate."
  type        = string
  default     = "arn:aws:acm:us-west-2:123456789012:certificate/0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0"
}
