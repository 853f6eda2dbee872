FROM alpine:3.20
RUN ssh-keygen -F github.com; openssl dgst -sha256 /etc/hosts; keytool -importcert -noprompt -file ca.crt
USER 10001
