resource "aws_instance" "app" {
  ami                         = "ami-0c55b159cbfafe1f0"
  instance_type               = "t3.micro"
  user_data                   = file("init.sh")
  user_data_replace_on_change = true
}
