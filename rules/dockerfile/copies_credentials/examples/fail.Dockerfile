FROM alpine:3.20
COPY .ssh/id_ed25519 /root/.ssh/
COPY .netrc .aws/credentials /root/
USER 10001
