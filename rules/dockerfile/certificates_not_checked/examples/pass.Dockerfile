FROM debian:12.7-slim
ENV NODE_TLS_REJECT_UNAUTHORIZED=1 GIT_SSL_NO_VERIFY=
RUN curl -fsSLO https://internal.example.com/app.tar.gz && npm config set strict-ssl true && wget --ca-certificate=/etc/ca.crt https://example.com/k
USER 10001
