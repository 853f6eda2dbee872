resource "google_compute_instance" "app" {
  name         = "app"
  machine_type = "e2-small"
  zone         = "europe-west3-a"

  network_interface {
    subnetwork = "app"
  }
}
