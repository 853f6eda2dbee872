resource "google_storage_bucket_iam_member" "documents" {
  bucket = "documents"
  role   = "roles/storage.objectViewer"
  member = "allUsers"
}
