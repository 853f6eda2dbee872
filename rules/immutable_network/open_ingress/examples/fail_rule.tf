resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id = "sg-0123456789abcdef0"
  cidr_ipv6         = "::/0"
  ip_protocol       = "tcp"
  from_port         = 9000
  to_port           = 9000
}
