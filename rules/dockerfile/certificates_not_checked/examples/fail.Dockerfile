FROM debian:12.7-slim
RUN curl -fsSLkO https://internal.example.com/app.tar.gz && NODE_TLS_REJECT_UNAUTHORIZED=0 npm ci && pip install --trusted-host pypi.example.com flask==3.0.3
USER 10001
