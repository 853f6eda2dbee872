resource "aws_s3_bucket_acl" "documents" {
  bucket = "documents"
  acl    = "private"
}
