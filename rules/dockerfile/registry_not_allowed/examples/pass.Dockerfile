FROM registry.example.com/library/alpine:3.20
USER 10001
