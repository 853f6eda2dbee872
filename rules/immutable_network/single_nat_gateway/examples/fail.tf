resource "aws_subnet" "private" {
  for_each          = { eu-central-1a = "10.0.1.0/24", eu-central-1b = "10.0.2.0/24" }
  vpc_id            = "vpc-0123456789abcdef0"
  availability_zone = each.key
  cidr_block        = each.value
}

resource "aws_nat_gateway" "main" {
  allocation_id = "eipalloc-0123456789abcdef0"
  subnet_id     = "subnet-0123456789abcdef0"
}
