resource "aws_s3_bucket" "documents" {
  bucket = "documents"
}
