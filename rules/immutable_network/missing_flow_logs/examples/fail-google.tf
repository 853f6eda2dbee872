resource "google_compute_subnetwork" "app" {
  name          = "app"
  network       = "main"
  ip_cidr_range = "10.0.1.0/24"
}
