FROM alpine:3.20
RUN ssh-keygen -A && openssl req -x509 -newkey rsa:4096 -nodes -keyout /etc/tls.key -out /etc/tls.crt -subj /CN=app
USER 10001
