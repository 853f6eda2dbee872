resource "google_storage_bucket" "documents" {
  name     = "documents"
  location = "EU"
}
